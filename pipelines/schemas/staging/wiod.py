"""Staging tables of the World Input-Output Table of 2011: deliveries, final demand, output, industries."""

import pandera.polars as pa
import polars as pl

from pipelines.schemas.staging import coded, field, staging_table

MUSD = "million USD, current prices"
CODE = pa.Check.isin([f"c{number}" for number in range(1, 36)], name="industry_code")
FROM = (
    coded("from_region", "economy that delivers; RoW is the rest of the world", to="economies"),
    field("from_industry", pl.String, "label", "industry that delivers", checks=[CODE]),
)
USES = ("hh", "npish", "gov", "gfcf", "inventories")

TABLES = (
    staging_table(
        "wiod_intermediate",
        "Deliveries between industries, 2011; one row is a delivery above 0",
        "wiod",
        *FROM,
        coded("to_region", "economy that uses", to="economies"),
        field("to_industry", pl.String, "label", "industry that uses", checks=[CODE]),
        field("musd", pl.Float64, MUSD, "value", checks=[pa.Check.ge(0, name="not_below_0")]),
        key=["from_region", "from_industry", "to_region", "to_industry"],
    ),
    staging_table(
        "wiod_final_demand",
        "Deliveries to final users, 2011; one row is a delivery that is not 0. Inventories may fall, so be negative",
        "wiod",
        *FROM,
        coded("to_region", "economy that uses", to="economies"),
        field(
            "use",
            pl.String,
            "label",
            "hh households, npish non-profit, gov government, gfcf investment, inventories",
            checks=[pa.Check.isin(USES, name="known_use")],
        ),
        field("musd", pl.Float64, MUSD, "value"),
        key=["from_region", "from_industry", "to_region", "use"],
    ),
    staging_table(
        "wiod_output",
        "Output and value added, 2011; one row is an industry of an economy. Some have no output",
        "wiod",
        coded("region", "economy", to="economies"),
        field("industry", pl.String, "label", "industry", checks=[CODE]),
        field("output", pl.Float64, MUSD, "gross output", checks=[pa.Check.ge(0, name="not_below_0")]),
        field("value_added", pl.Float64, MUSD, "value added"),
        key=["region", "industry"],
    ),
    staging_table(
        "wiod_industries",
        "The 35 industries; one row is an industry",
        "wiod",
        field("industry", pl.String, "label", "code", checks=[CODE]),
        field("name", pl.String, "label", "name"),
        key=["industry"],
    ),
    staging_table(
        "wiod_usa",
        "National table of the United States, 2011; one row is an industry (or a primary input) and what buys from it",
        "wiod",
        field("from_industry", pl.String, "label", "industry that delivers, or primary input"),
        field("to_industry", pl.String, "label", "industry that buys, final_and_exports, or output"),
        field("musd", pl.Float64, MUSD, "value"),
        key=["from_industry", "to_industry"],
    ),
)
