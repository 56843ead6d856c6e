"""The tables of schema `model` on bad years and large events: exceedance, annual loss, systemic events and replays.

What is computed is in models/; who computes it, in assets/.
"""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from pipelines.schemas.tables import LABEL, MONEY, OWN, column, count, fraction, number, table, text

LOSSES = "core.losses, core.fits; ratios of flows from models/counterfactual"
SOURCE = text("source_id", "source of the losses; all = the whole, sources taken as independent")
SCENARIO = text("scenario", "name of the convention, its file in data/scenarios; status_quo = none")
UNIT = text("unit", "unit of the row's numbers")
RECORDS = count("records", "amounts behind the severity; under 30 the numbers are withheld")
MEASURES = ["VaR", "TVaR", "mean", "p_loss"]
BASES = ["probability_weighted", "given_year_with_loss", "given_event"]
EVENT_MEASURES = [
    *("organizations", "direct_loss", "loss", "saved_by_detection", "loss_per_year"),
    *("reached", "return_period", "reported", "rejected_product", "named_loss", "named_share"),
]
STATUSES = ["computed from footprint", "published", "judgement", "not a valid estimate"]

EXCEEDANCE_TABLES = [
    table(
        "model.exceedance",
        "Loss of a year (AEP) or of its largest event (OEP) that is exceeded once in a return period; one row is a "
        "source, a perspective, a scenario and a return period. Frequencies change with the flows of each threat "
        "class, the loss of an event does not",
        LOSSES,
        SOURCE,
        column(
            "perspective",
            pl.String,
            LABEL,
            "AEP: all events of a year together; OEP: the largest of them",
            checks=[pa.Check.isin(["AEP", "OEP"])],
        ),
        SCENARIO,
        column(
            "return_period",
            pl.Int32,
            "years",
            "exceeded in a year with probability one over this",
            checks=[pa.Check.ge(2)],
        ),
        number("loss_usd_bn", MONEY, "median over draws of the fitted parameters and of the convention", nullable=True),
        number("lower", MONEY, "quantile 0.05 over the same draws", nullable=True),
        number("upper", MONEY, "quantile 0.95 over the same draws", nullable=True),
        number("avoided", MONEY, "median of the fall against the status quo in the same draw", nullable=True),
        number("avoided_lower", MONEY, "quantile 0.05 of the fall", nullable=True),
        number("avoided_upper", MONEY, "quantile 0.95 of the fall", nullable=True),
        column(
            "beyond_data",
            pl.Boolean,
            "true or false",
            "above the largest event (OEP) or the largest year (AEP) on record: the fit alone says so",
            nullable=True,
        ),
        RECORDS,
        UNIT,
        key=["source_id", "perspective", "scenario", "return_period"],
    ),
    table(
        "model.annual_loss",
        "Value at risk, tail mean and mean of a year's loss; one row is a source, a scenario, a measure, a level and a "
        "basis",
        LOSSES,
        SOURCE,
        SCENARIO,
        column(
            "measure",
            pl.String,
            LABEL,
            "VaR (stayed within at the level), TVaR (mean above the VaR), mean, or p_loss (probability of a year with "
            "an event)",
            checks=[pa.Check.isin(MEASURES)],
        ),
        fraction("level", "probability of the VaR and TVaR; null for the others", nullable=True),
        column(
            "basis",
            pl.String,
            LABEL,
            "probability_weighted: all years; given_year_with_loss: those with an event; given_event: one event",
            checks=[pa.Check.isin(BASES)],
        ),
        number("value", OWN, "median over draws of the fitted parameters and of the convention", nullable=True),
        number("lower", OWN, "quantile 0.05 over the same draws", nullable=True),
        number("upper", OWN, "quantile 0.95 over the same draws", nullable=True),
        RECORDS,
        UNIT,
        key=["source_id", "scenario", "measure", "level", "basis"],
    ),
    table(
        "model.events",
        "Systemic events and the replay of SolarWinds, computed from footprints, with what is published beside; one "
        "row is an event, a course, a month of detection and a measure",
        "data/events",
        text("event_id", "name of the event, its file in data/events"),
        text("course", "how it goes; null where the row is about the event", nullable=True),
        text("part", "kind of organization hit; null where the row is about all of them", nullable=True),
        number(
            "detection_months",
            "months",
            "from when it could spread until it is found; null where all are hit at once",
            nullable=True,
        ),
        column(
            "measure",
            pl.String,
            LABEL,
            "organizations, direct_loss, loss (with that downstream), saved_by_detection (against the month in which "
            "it was found), loss_per_year, reached (organizations within reach when it was found), return_period; "
            "reported, named_loss, named_share, rejected_product",
            checks=[pa.Check.isin(EVENT_MEASURES)],
        ),
        column(
            "status",
            pl.String,
            LABEL,
            "computed from footprint, published, judgement, or not a valid estimate",
            checks=[pa.Check.isin(STATUSES)],
        ),
        number("mean", OWN, "mean over the draws", nullable=True),
        number("p05", OWN, "quantile 0.05, or the low end as published", nullable=True),
        number("p50", OWN, "quantile 0.5, or the figure as published"),
        number("p95", OWN, "quantile 0.95, or the high end as published", nullable=True),
        fraction("at_cap", "share of draws cut to the exposure cap", nullable=True),
        column(
            "kind",
            pl.String,
            LABEL,
            "judgement where any figure behind the row is one, else published",
            checks=[pa.Check.isin(["judgement", "published"])],
        ),
        column("verified", pl.Boolean, "true or false", "every figure behind the row was read in its source"),
        text("sources", "source_ids behind the row, separated by spaces"),
        text("note", "what a published figure is, or why a product is no estimate", nullable=True),
        UNIT,
        key=["event_id", "course", "part", "detection_months", "measure", "note"],
    ),
]

EXCEEDANCE = {str(schema.name).split(".")[1]: schema for schema in EXCEEDANCE_TABLES}
