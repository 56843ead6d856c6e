"""The tables of the report in order: which rows each one prints, its title, subtitle and caption.

Cells are made in tables.py and reference_tables.py. A new table is one function here, one line in `TABLES`, and one
place in a template.
"""

from reports import (
    annex_tables,
    certainty_tables,
    change_tables,
    evidence_tables,
    facts_tables,
    grid_tables,
    loss_tables,
    mechanism_page_tables,
    policy_tables,
    reference_tables,
    tables,
    text,
    titles,
)
from reports.figures_effects import ordered_sets
from reports.names import EFFECT_SETS, SCENARIOS, label
from reports.provenance import dotted
from reports.rows import Rows
from reports.tables import DataTable, PageTable
from reports.titles import Spread


def tables_of(rows: Rows) -> dict[str, PageTable]:
    """Every table of the report; they are numbered as the templates show them. One without a place is left out."""
    made = [rows.made(make) for make in TABLES]
    return {table.key: table for table in made if table is not None}


def _claims(rows: Rows) -> PageTable:
    every = rows.need("claims")
    short = [row for row in every if row.get("principal", True)] or every
    verdicts = {row["claim"]: row["verdict"] for row in every}
    readings = DataTable(
        ("Claim", "Reading", "Value", "Claimed", "Verdict", "Source"),
        tuple(
            (
                reference_tables.capital_free(row["claim"]),
                tables.sentence_case(row["reading"]),
                reference_tables.claim_value(row["value"], str(row["unit"])),
                reference_tables.claim_value(row["threshold"], str(row["unit"])),
                "holds" if row["holds"] else "fails",
                str(row["source"]),
            )
            for row in every
        ),
        "Every reading",
    )
    return PageTable(
        "claims",
        titles.claims(list(verdicts.values())),
        "What the op-ed says about the loss, computed under the readings that take its source at its word",
        reference_tables.claims(short),
        f"The verdict on a claim rests on all {len(every)} readings, of which {len(short)} are printed here. A claim "
        "holds where it is true "
        "on every reading, fails where it is true on none.",
        "loss",
        (readings,),
        f"View all {len(every)} readings",
        queries=("claims",),
        code=dotted(reference_tables.claims),
    )


def _contrasts(rows: Rows) -> PageTable:
    found = rows.edition.rows("contrasts")
    inside = [row["p05"] <= row["found"] <= row["p95"] for row in found if row["effect_set"] == "default"]
    return PageTable(
        "contrasts",
        titles.contrasts(sum(inside), len(inside)),
        "Change in attacks of members against others, %, as found and as the model implies for the same members; in "
        "brackets, 90 % of draws",
        reference_tables.contrasts(found),
        "Parties to the Budapest Convention in the study’s last year, or in the year assumed for it, against a world "
        "without the convention. Attacks are counted, not money, and what moves to others is in the comparison, so the "
        "contrast can exceed the effect itself.",
        "law",
        queries=("contrasts",),
        code=dotted(reference_tables.contrasts),
    )


def _scenarios(rows: Rows) -> PageTable:
    measures = ("avoided_share", "avoided_loss", "net_benefit")
    default = {m: rows.need("scenarios", effect_set="default", measure=m) for m in measures}
    beside = {m: rows.edition.rows("without_standdown", adoption_metric="scenario", measure=m) for m in measures}
    full = [row for row in default["avoided_share"] if row["scenario"] != tables.STATUS_QUO]
    without = {row["scenario"]: row for row in beside["avoided_share"]}
    conventions = [Spread.of(row, 100) for row in full]
    lesser = [Spread.of(without.get(row["scenario"], row), 100) for row in full]
    draws = default["avoided_share"][0]["draws"]
    return PageTable(
        "scenarios",
        titles.scenarios(conventions, lesser),
        "Avoided loss by scenario, % of the status-quo loss and USD billion a year at 2020 prices; default effect set",
        tables.scenarios(*(default[m] + beside[m] for m in measures), rows.edition.rows("membership"), list(SCENARIOS)),
        "Each scenario acts by all that its text holds; where states promise to stand down, the row under it leaves "
        "that out. States and origin are the shares of economies and of attack origin that members cover at the "
        "horizon. Nothing or harm: chance that the avoided loss is not above zero; does not pay: that it does not "
        f"exceed its costs. N = {draws:,} paired draws, Monte Carlo s.e. "
        f"{text.monte_carlo(*default['avoided_share'])} points at most.",
        "adoption",
        queries=("scenarios", "without_standdown", "membership"),
        code=dotted(tables.scenarios),
    )


def _variants(rows: Rows) -> PageTable:
    found = rows.edition.rows("variants", scenario=rows.focus)
    if found and rows.amount_without:
        found.append(rows.amount_without | {"variant": "no_standdown", "description": tables.WITHOUT_STANDDOWN})
    found += [
        row | {"variant": f"effect_set:{row['effect_set']}", "description": label(row["effect_set"], EFFECT_SETS)}
        for row in ordered_sets(rows.edition.rows("scenarios", scenario=rows.focus, measure="avoided_loss"))
        if row["effect_set"] != "default"
    ]
    mcse = rows.amount["mcse"]
    medians = [row["p50"] for row in found]
    places = tables.column_places([Spread.of(row | {"mcse": mcse}) for row in found]) if found else 0
    title = titles.variants(medians, places) if medians else "No variant of the headline was computed in this run"
    return PageTable(
        "variants",
        title,
        f"Avoided loss of {rows.subject} with one choice of the model changed at a time, USD billion a year at "
        "2020 prices",
        tables.variants(found, mcse),
        "Each row changes one choice and leaves the others at their default; the draws are the same. An origin that "
        "is left out is given by its ISO code.",
        "law",
        queries=("variants", "without_standdown", "scenarios"),
        code=dotted(tables.variants),
    )


def _blocs(rows: Rows) -> PageTable:
    net = rows.need("blocs", measure="net_benefit")
    return PageTable(
        "blocs",
        titles.blocs([row["p_not_better"] for row in net]),
        "Avoided loss of a convention with the op-ed’s text and exactly these members, fully phased in, % of the "
        "status-quo loss",
        tables.blocs(rows.blocs, net),
        "Sorted by the share of attack origin that members cover. Parties to the Budapest Convention are bound "
        "already, so a convention among "
        "them adds only what the new text adds.",
        "adoption",
        queries=("blocs",),
        code=dotted(tables.blocs),
    )


def _break_even(rows: Rows) -> PageTable:
    found = rows.need("break_even")
    return PageTable(
        "break_even",
        titles.break_even([row["value"] for row in found]),
        f"Values at which the net benefit of {rows.subject} is zero, other draws as they are; in brackets, 90 "
        "% over the scrambles",
        reference_tables.break_even(found),
        "The effect is split one third on the side of the victim and two thirds on the side of the origin. A negative "
        "effect is fewer attacks.",
        "adoption",
        queries=("break_even",),
        code=dotted(reference_tables.break_even),
    )


def _trackers(rows: Rows) -> PageTable:
    found = rows.edition.rows("trackers")
    return PageTable(
        "trackers",
        titles.trackers(found),
        "Incidents by tracker and threat class, the share without a known origin, and the mean of the prior on the "
        "class’s share of the loss",
        reference_tables.trackers(found),
        "An incident counts once for each economy it hits. The union has every incident of three trackers once; two of "
        "them hold only what was attributed to a state, so its share without a known origin is too low and it is an "
        "alternative, not the default. Trackers count what became known, not what was lost: shares of the loss stay "
        "priors.",
        "law",
        queries=("trackers",),
        code=dotted(reference_tables.trackers),
    )


def _sources(rows: Rows) -> PageTable:
    found = rows.edition.rows("sources")
    free = sum(row["redistributable"] in (True, "yes") for row in found)
    title = (
        f"{free} of {len(found)} sources may be passed on with the data"
        if found
        else "No source is recorded in this run"
    )
    return PageTable(
        "sources",
        title,
        "Key used in captions, title, producer, license, vintage, basis and rows kept of each source",
        reference_tables.sources(found),
        "Records: rows of a vintage on the machine that made this edition, kept of those read; the rest is rejected or "
        "merged, each with its reason in the database. Reference: figures that ship with the project.",
        queries=("sources",),
        code=dotted(reference_tables.sources),
    )


def _priors(rows: Rows) -> PageTable:
    found = rows.edition.rows("priors")
    judged = sum(row["kind"] == "judgement" for row in found)
    title = titles.judgments(judged, len(found))
    return PageTable(
        "priors",
        title,
        "Distribution, unit, kind and sources of every uncertain input",
        reference_tables.priors(found),
        "A judgment is ours and is shown as such; why each has its shape is in the table of priors of the database.",
        queries=("priors",),
        code=dotted(reference_tables.priors),
    )


TABLES = (
    _claims,
    evidence_tables.estimates,
    loss_tables.averages,
    evidence_tables.evidence,
    _contrasts,
    grid_tables.grid,
    _scenarios,
    mechanism_page_tables.without,
    _variants,
    _blocs,
    mechanism_page_tables.hazard,
    mechanism_page_tables.coalitions,
    _break_even,
    mechanism_page_tables.present_values,
    mechanism_page_tables.winners,
    mechanism_page_tables.welfare,
    loss_tables.ledgers,
    certainty_tables.information,
    certainty_tables.backtest,
    policy_tables.implications,
    facts_tables.validation,
    _trackers,
    _sources,
    _priors,
    annex_tables.choices,
    annex_tables.left_out,
    change_tables.changes,
)
"""What makes each table; the templates number them."""
