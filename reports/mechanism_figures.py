"""The figures on what lies beyond law: which rows each one draws and all the words around it.

As in figures.py. Each function returns None where its table is empty, and the page says so in its place.
"""

from reports import mechanism_data, mechanism_text, text, titles_mechanisms
from reports.edition import Row
from reports.figure import Figure, Swatch, draws, in_every_layout
from reports.figures_accession import accession as accession_drawing
from reports.figures_channels import channel_places, ordered_channels
from reports.figures_channels import channels as channels_drawing
from reports.figures_definitions import classes_of, coverage
from reports.figures_regimes import DIFFERENCE, LEVELS, LOSS, drawn_measures, lines, places
from reports.figures_regimes import regimes as regimes_drawing
from reports.figures_strength import Evidence, break_even_line, default_strength, strength_contour
from reports.figures_years import by_year as by_year_drawing
from reports.figures_years import years_of
from reports.names import CLASSES, ESCALATION, REGIMES, label
from reports.numbers import chance, plain, present, probability, scale_of, signed, span
from reports.palette import (
    BAND_50,
    BAND_80,
    BAND_95,
    BLUE,
    DEEP_BLUE,
    DEEP_GREEN,
    DEEP_VERMILLION,
    INK,
    MUTED,
)
from reports.provenance import dotted
from reports.queries import FOCUS, MOST_FIRST
from reports.rows import Rows
from reports.surface import Surface
from reports.tables import DataTable
from reports.titles import Spread


def regimes(rows: Rows) -> Figure | None:
    """Three ways to answer attacks by states and the paired difference of two, under both beliefs."""
    found = rows.edition.rows("escalation")
    measures = drawn_measures(found)
    if not measures:
        return None
    better = {
        row["belief"]: row["p_agreed_better"] for row in found if row["regime"] == DIFFERENCE and row["measure"] == LOSS
    }
    title = titles_mechanisms.regimes(better)
    odds = mechanism_text.odds_of_agreed(found)
    fit = rows.edition.rows("escalation_fit")
    digits = places(found, "retaliation", difference=False)
    ratios = [
        f"{label(regime, REGIMES)} {span(row['p05'], row['p95'], digits, sign=False)}"
        for regime in LEVELS
        for row in lines(found, "retaliation", regime)[:1]
    ]
    return Figure(
        key="regimes",
        queries=("escalation", "escalation_fit"),
        code=dotted(regimes_drawing),
        title=title,
        subtitle="Attacks by states under three ways to answer them, on the same draws; median and 90 % interval, USD "
        "billion at 2020 prices",
        legend=(
            Swatch("circle", MUTED, "Status quo"),
            Swatch("up", DEEP_VERMILLION, "Each state for itself"),
            Swatch("diamond", BLUE, "Agreed consequences"),
            Swatch("box", BAND_80, "90 % of draws, little reciprocity"),
            Swatch("line", BLUE, "Hollow, dashed: a cycle of escalation", "6 4"),
        ),
        drawings=in_every_layout(lambda mode: regimes_drawing(found, mode)),
        alt=f"Interval chart of three regimes. {title}. {odds} Retaliation, 90 % interval: {'; '.join(ratios)}.",
        note="Consequences alone: no member stands down here, since unilateral answers come without that. The last row "
        "is the paired difference on an axis of its own. Deterrence is what an attack is expected to "
        "cost its author, in units of the strongest consequence; retaliation counts the attacks that one attack of "
        "the other side sets off. Little reciprocity is what the literature finds; a cycle of escalation is the "
        "op-ed’s belief. One line stands for both where they agree. Sources: Annex A.",
        method="states",
        tables=(mechanism_data.escalation(found), *((mechanism_data.escalation_fit(fit),) if fit else ())),
        under=odds,
        key_table=_deterrence_key(found),
    )


def _deterrence_key(found: list[Row]) -> DataTable | None:
    """Deterrence in words for narrow screens, where the chart has no room for it."""
    if "deterrence" not in drawn_measures(found):
        return None
    digits = places(found, "deterrence", difference=False)
    body = tuple(
        ("", label(regime, REGIMES), plain(row["p50"], digits), span(row["p05"], row["p95"], digits, sign=False))
        for regime in LEVELS
        for row in lines(found, "deterrence", regime)[:1]
    )
    return DataTable(("", ESCALATION["deterrence"], "Median", "90 %"), body)


def accession(rows: Rows) -> Figure | None:
    """Members over time if states joined as they joined Budapest."""
    fan = rows.edition.rows("accession_fan")
    if not fan:
        return None
    came = rows.edition.rows("ratifications")
    title = titles_mechanisms.accession(fan)
    last = fan[-1]
    in_force = next((row["year"] for row in fan if row["p_in_force"] >= 0.5), None)
    start = f"More likely than not it is in force from {in_force}."
    if in_force is None:
        start = f"By {last['year']} it is no more likely than not to be in force."
    spans = f"{fan[0]['year']} to {last['year']}"
    return Figure(
        key="accession",
        queries=("accession_fan", "ratifications", "accession_fit"),
        code=dotted(accession_drawing),
        title=title,
        subtitle=f"Members of {rows.subject}, {spans}, if states joined at the pace at which they joined the "
        "Budapest Convention; median, 50 and 90 % of draws",
        legend=(
            Swatch("line", DEEP_BLUE, "Median at Budapest’s pace"),
            Swatch("box", BAND_50, "50 %"),
            Swatch("box", BAND_80, "90 % of draws"),
            Swatch("line", DEEP_VERMILLION, "As the scenario file dates them", "6 4"),
            *((Swatch("line", MUTED, "Parties to Budapest"),) if came else ()),
        ),
        drawings=in_every_layout(lambda mode: accession_drawing(fan, came, mode)),
        alt=f"Fan chart of members by year. {title}. In {last['year']} the 90 % interval is "
        f"{span(last['p05'], last['p95'], 0, sign=False)} members; {last['assumed']} are assumed. {start}",
        note=f"Founders join on the scenario’s date; nothing acts before it is in force. {start} "
        f"{mechanism_text.hazard_status(rows.edition.rows('accession_fit'))} The headline uses the dates of the "
        "scenario file, not the fan. Sources: Annex A.",
        method="accession",
        tables=(mechanism_data.accession(fan), *((mechanism_data.ratifications(came),) if came else ())),
    )


def by_year(rows: Rows) -> Figure | None:
    """What the convention avoids in each year as members join."""
    found = years_of(rows.edition.rows("years"), rows.focus, rows.focus == FOCUS)
    if found is None:
        return None
    title = titles_mechanisms.by_year(found.own)
    last = Spread.of(found.own[-1], 100)
    worst = max(found.own, key=lambda row: row["mcse"] or 0)
    return Figure(
        key="by_year",
        queries=("years",),
        code=dotted(by_year_drawing),
        title=title,
        subtitle=f"Loss that {rows.subject} avoids in each year, % of that year’s loss on the status quo, "
        f"{found.own[0]['year']} to {found.own[-1]['year']}; below, the states that have joined",
        legend=(
            Swatch("line", DEEP_BLUE, "Median, members as the file dates them"),
            Swatch("box", BAND_50, "50 %"),
            Swatch("box", BAND_80, "80 %"),
            Swatch("box", BAND_95, "95 % of draws"),
            *((Swatch("line", DEEP_BLUE, "At the pace of the Budapest Convention", "6 4"),) if found.pace else ()),
            *((Swatch("line", DEEP_GREEN, "Law alone, same members"),) if found.law else ()),
        ),
        drawings=in_every_layout(lambda mode: by_year_drawing(found, mode)),
        alt=f"Fan chart of avoided loss by year. {title}. In {found.own[-1]['year']} the 90 % interval is "
        f"{span(last.p05, last.p95, last.places)} %, the chance of nothing or harm {chance(last.p_not_better)}.",
        note="A dash is another assumption, a color another text. Law takes hold over some years after a state joins, "
        "so that the last year is below what the same members avoid in the end. The loss is a constant share of GDP on "
        f"the status quo. {draws(worst)} Sources: Annex A.",
        method="adoption",
        tables=(mechanism_data.years(found.own, found.pace, found.law),),
    )


def channels(rows: Rows) -> Figure | None:
    """Which mechanism avoids how much."""
    every = rows.edition.rows("decomposition")
    found = ordered_channels([row for row in every if row["scenario"] == rows.focus])
    if not found:
        return None
    scale, unit = scale_of(str(found[0]["unit"]))
    digits = channel_places(found, scale)
    title = titles_mechanisms.channels(found, scale, unit, digits)
    total = next((row for row in found if row["channel"] == "total"), None)
    ends = (
        f"Together {signed(scale * total['value'], digits)} {unit}, 90 % interval "
        f"{span(scale * total['lower'], scale * total['upper'], digits)}."
        if total and present(total["value"])
        else "The total is not estimated."
    )
    inside = "% of the status-quo loss" if unit == "%" else "USD billion a year at 2020 prices"
    gains = sum(row["lower"] > 0 for row in found if row is not total and present(row["lower"]))
    parts = len(found) - (total is not None)
    return Figure(
        key="channels",
        queries=("decomposition", "without_mechanism"),
        code=dotted(channels_drawing),
        title=title,
        subtitle=f"Mean loss avoided by each mechanism of {rows.subject}, {inside}; band: 90 % of draws",
        legend=(
            Swatch("circle", BLUE, "Mean, loss avoided"),
            Swatch("down", DEEP_VERMILLION, "Mean, loss added"),
            Swatch("circle", INK, "All together"),
            Swatch("box", BAND_80, "90 % of draws"),
        ),
        drawings=in_every_layout(lambda mode: channels_drawing(found, mode)),
        alt=f"Bar chart of {parts} mechanisms. {title}. {ends} {gains} of {parts} are gains throughout 90 % of draws.",
        note="Shapley shares over all combinations of mechanisms on and off, so that their means add up to the mean of "
        "the headline; intervals do not add up. Displacement takes back part of what the others avoid. "
        f"{mechanism_text.beside_mean(rows.edition.rows('without_mechanism'))}Sources: Annex A.",
        method="mechanisms",
        tables=(mechanism_data.channels(every),),
    )


def definitions(rows: Rows) -> Figure | None:
    """What each definition of a cyberattack covers."""
    found = rows.edition.rows("definition_coverage")
    if not found:
        return None
    title = titles_mechanisms.definitions(found)
    withheld = sum(not present(row["share"]) for row in found)
    incidents = dict.fromkeys(classes_of(found), 0)
    for row in found:
        if row["counted"] == "incidents":
            incidents[row["threat_class"]] = max(row["n"], incidents[row["threat_class"]])
    counts = ", ".join(f"{label(name, CLASSES).lower()} {incidents[name]:,}" for name in classes_of(found))
    ends = [row["share"] for row in found if present(row["share"])]
    reach = (
        f"Shares run from {probability(min(ends))} to {probability(max(ends))} %." if ends else "No share is printed."
    )
    bases = sorted({str(row["basis"]) for row in found})
    return Figure(
        key="definitions",
        queries=("definition_coverage",),
        code=dotted(coverage),
        title=title,
        subtitle="Share of incidents, of their intensity and of the loss on record that each definition covers, by "
        "threat class, %; band: 90 % interval",
        legend=(
            Swatch("circle", BLUE, "Incidents"),
            Swatch("square", DEEP_GREEN, "Intensity"),
            Swatch("up", DEEP_VERMILLION, "Loss on record"),
            Swatch("box", BAND_80, "90 % interval"),
            Swatch("tick", INK, "Mean of what the model draws (κ)"),
        ),
        drawings=in_every_layout(lambda mode: coverage(found, mode)),
        alt=f"Dot chart of what {len({row['definition'] for row in found})} definitions cover. {title}. {reach} "
        f"{withheld} of {len(found)} shares are withheld.",
        note=f"Incidents by class: {counts or 'none'}. A dash is a share withheld because it rests on too few "
        f"incidents ({withheld} of {len(found)}). Where a text excludes a class the model covers none of it, whatever "
        f"the record shows. Numbers on a narrow screen: incidents · intensity · loss. Basis: {'; '.join(bases)}. "
        "Sources: Annex A.",
        method="definitions",
        tables=(mechanism_data.definitions(found),),
    )


def strength(rows: Rows) -> Figure | None:
    """Adoption by strength of law: what is avoided and where the convention breaks even."""
    found = rows.edition.rows("adoption_strength")
    sets = [name for name in MOST_FIRST if any(row["mechanisms"] == name for row in found)]
    by_mechanisms = {name: [row for row in found if row["mechanisms"] == name] for name in sets}
    if not by_mechanisms or min(len({row[key] for row in found}) for key in ("adoption_level", "strength")) < 2:
        return None
    first = by_mechanisms[sets[0]]
    net = Surface.of(first, "net_benefit")
    pays = [(float(a), c) for a, c in zip(net.adoption, net.crossings(), strict=True) if a > 0]
    title = titles_mechanisms.strength([a for a, _ in pays], [c for _, c in pays], float(net.strength[0]))
    shares = {row["scenario"]: row["share"] for row in rows.edition.rows("membership", adoption_metric="attack_origin")}
    evidence = Evidence.of(rows.edition.rows("treaty_effects"))
    default = default_strength(rows.edition.rows("effect_sets"))
    avoided = [100 * row["avoided_share"] for row in first if present(row["avoided_share"])]
    reach = f"from {signed(min(avoided), 1)} to {signed(max(avoided), 1)} %" if avoided else "not estimated"
    studies = (
        f"Hatched: beyond what studies find at both ends of a flow together, from {signed(-100 * evidence.high, 0)} to "
        f"{signed(-100 * evidence.low, 0)} % attacks. "
        if evidence
        else ""
    )
    at = (
        f"The dotted line is the mean of the default prior, {plain(100 * default, 0)} % fewer attacks. "
        if present(default)
        else ""
    )
    acts = text.mechanisms(sets[0])
    return Figure(
        key="strength",
        queries=("adoption_strength", "membership", "treaty_effects", "effect_sets"),
        code=dotted(strength_contour),
        title=title,
        subtitle="Mean avoided loss, % of the status-quo loss, by the share of attack origin that members cover and by "
        f"what law does between two full members; {acts}",
        legend=(
            *((Swatch("line", DEEP_VERMILLION, "Break-even", "6 4"),) if break_even_line(first, 100) else ()),
            *(
                (Swatch("line", INK, "Break-even of law alone", "2 3"),)
                if "law" in sets[1:] and break_even_line(by_mechanisms["law"], 100)
                else ()
            ),
            *((Swatch("diamond", INK, "Scenarios at the default prior"),) if present(default) else ()),
            *((Swatch("lines", MUTED, "No study this strong"),) if evidence else ()),
        ),
        drawings=in_every_layout(
            lambda mode: strength_contour(by_mechanisms, evidence, default, shares, mode),
        ),
        alt=f"Contour chart of avoided loss. {title}. The avoided loss runs {reach} of the status-quo loss over "
        f"adoption up to {plain(100 * pays[-1][0], 0)} %.",
        note="Each point sets the effect of law and leaves the other draws as they are; along the break-even line the "
        f"mean avoided loss equals the mean cost. {at}{studies}Marks stand at the members of a scenario, whose own "
        "order of joining the surface does not have. Sources: Annex A.",
        method="adoption",
        tables=(
            mechanism_data.strength(first, "avoided_share", 100, f"Mean avoided share, %: {acts}"),
            *(
                mechanism_data.strength(members, "net_benefit", 1, f"Mean net benefit, USD bn: {text.mechanisms(name)}")
                for name, members in by_mechanisms.items()
            ),
        ),
    )
