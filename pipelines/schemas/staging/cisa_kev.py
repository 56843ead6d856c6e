"""Staging table of CISA's catalogue of exploited vulnerabilities."""

import pandera.polars as pa
import polars as pl

from pipelines.schemas.staging import field, staging_table

TABLES = (
    staging_table(
        "cisa_kev",
        "Vulnerabilities known to be exploited; one row is a CVE",
        "cisa_kev",
        field(
            "cve_id", pl.String, "label", "CVE id", checks=[pa.Check.str_matches(r"^CVE-\d{4}-\d{4,}$", name="cve_id")]
        ),
        field("vendor", pl.String, "label", "vendor or project"),
        field("product", pl.String, "label", "product"),
        field("date_added", pl.Date, "date", "day it entered the catalogue"),
        field(
            "due_date",
            pl.Date,
            "date",
            "day by which federal agencies must act; before date_added where an emergency directive had set it",
        ),
        field(
            "ransomware_use",
            pl.String,
            "label",
            "whether ransomware is known to use it: Known or Unknown",
            checks=[pa.Check.isin(["Known", "Unknown"], name="known_use")],
        ),
        field("cwes", pl.String, "label", "weaknesses (CWE), null where none was named", nullable=True),
        key=["cve_id"],
    ),
)
