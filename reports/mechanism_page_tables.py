"""The tables on what lies beyond law: which rows each one prints, its title, subtitle and caption.

As in page_tables.py, which lists them; cells are made in mechanism_tables.py.
"""

from reports import mechanism_data, mechanism_tables, mechanism_text, titles_mechanisms
from reports.mechanism_tables import spread_places
from reports.numbers import scale_of
from reports.provenance import dotted
from reports.queries import MOST_FIRST
from reports.rows import Rows
from reports.tables import PageTable
from reports.titles import Spread


def without(rows: Rows) -> PageTable:
    """The headline with one mechanism off at a time."""
    found = rows.edition.rows("without_mechanism")
    scale, unit = scale_of(str(found[0]["unit"])) if found else (1.0, "$ bn")
    places = spread_places([Spread.of(row, scale) for row in found], 1) if found else 0
    return PageTable(
        "without",
        titles_mechanisms.without(found, scale, unit, places),
        f"Avoided loss of {rows.subject} with every mechanism on, and with one off at a time, a year at 2020 prices",
        mechanism_tables.without(found, scale, unit, places),
        "The other mechanisms stay on and the draws are the same. Changes do not add up: mechanisms act on the same "
        "flows. A mechanism whose removal lowers the mean was a gain.",
        "mechanisms",
        queries=("without_mechanism",),
        code=dotted(mechanism_tables.without),
    )


def hazard(rows: Rows) -> PageTable:
    """Coefficients of the hazard of ratification with their status and calibration."""
    found = rows.edition.rows("accession_fit")
    came = rows.edition.rows("accession_calibration")
    return PageTable(
        "hazard",
        titles_mechanisms.hazard(found),
        "Hazard of ratifying the Budapest Convention in a year, complementary log-log, log hazard for one standard "
        "deviation of each term",
        mechanism_tables.hazard(found),
        f"{mechanism_text.hazard_status(found)} {mechanism_text.neighbours_sign(found)} "
        f"{mechanism_text.calibration(came)}",
        "accession",
        tuple(
            table
            for table, rows in ((mechanism_data.hazard(found), found), (mechanism_data.calibration(came), came))
            if rows
        ),
        "View every fit and the calibration",
        queries=("accession_fit", "accession_calibration"),
        code=dotted(mechanism_tables.hazard),
    )


def coalitions(rows: Rows) -> PageTable:
    """Which groups of members hold together against cost and penalty."""
    found = rows.edition.rows("coalition")
    return PageTable(
        "coalitions",
        titles_mechanisms.coalitions(found),
        "Players in the largest stable coalition, and their share of world GDP, by the yearly cost of membership and "
        "the yearly penalty on outsiders, both as shares of GDP",
        mechanism_tables.coalitions(found),
        "Stable: no member gains by leaving and no outsider by joining. Players are blocs and large economies, and "
        "every coalition of them is examined. From none and from all: economies in the set that best responses of "
        "single economies reach from no member and from every economy a member, at the lowest penalty.",
        "coalitions",
        (mechanism_data.coalitions(found),) if found else (),
        "View every stable set",
        queries=("coalition",),
        code=dotted(mechanism_tables.coalitions),
    )


def present_values(rows: Rows) -> PageTable:
    """Net present value under the discount menu."""
    found = rows.edition.rows("net_present_value")
    chances = {
        name: [row["p_pays"] for row in found if row["mechanisms"] == name]
        for name in dict.fromkeys(row["mechanisms"] for row in found)
    }
    return PageTable(
        "present_values",
        titles_mechanisms.present_value(chances, MOST_FIRST),
        "Present value of avoided loss less costs over the years of the scenario, USD billion at 2020 prices, by what "
        "acts and how it is discounted",
        mechanism_tables.present_values(found),
        "Costs are enforcement by new members, sanctions that cost their sender, and consequences that hit the wrong "
        "state. Pays: chance that the present value is above zero.",
        "costs",
        queries=("net_present_value",),
        code=dotted(mechanism_tables.present_values),
    )


def winners(rows: Rows) -> PageTable:
    """Who gains and who loses by region and income group."""
    found = rows.edition.rows("winners_by_group")
    return PageTable(
        "winners",
        titles_mechanisms.winners(found),
        f"Economies whose mean loss falls and whose mean loss rises under {rows.subject}, with the sums a year, "
        "USD billion at 2020 prices",
        mechanism_tables.winners(found),
        "On the mean over the draws; economies without a change are in neither column.",
        "displacement",
        queries=("winners_by_group",),
        code=dotted(mechanism_tables.winners),
    )


def welfare(rows: Rows) -> PageTable:
    """The avoided loss under each standing of those who gain from attacks."""
    found = rows.edition.rows("welfare")
    places = spread_places([Spread.of(row) for row in found], 1) if found else 0
    return PageTable(
        "welfare",
        titles_mechanisms.welfare({row["standing"]: row["p50"] for row in found}, places),
        f"Avoided loss of {rows.subject} by whose gains and losses count, USD billion a year at 2020 prices",
        mechanism_tables.welfare(found, places),
        "Espionage and theft benefit someone. The headline counts what victims lose and no thief’s gain; the last row "
        "is what restraint costs or brings the states that attack, and is no part of the world under the first "
        "standing.",
        "welfare",
        queries=("welfare",),
        code=dotted(mechanism_tables.welfare),
    )
