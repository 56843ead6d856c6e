"""Building blocks of the table schemas: a column with its unit in words, and checks that say what they allow.

Only what several schema files share; the tables themselves are in the files named after them.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandera.polars as pa
import polars as pl

ISO3 = r"^[A-Z]{3}$"
KEY = r"^[a-z0-9][a-z0-9_]*$"


def column(
    dtype: type[pl.DataType] | pl.DataType, description: str, *checks: pa.Check, nullable: bool = False
) -> pa.Column:
    """A column whose description (quantity and unit) becomes its comment in the published database."""
    return pa.Column(dtype, list(checks), nullable=nullable, description=description)


def between(low: float, high: float) -> pa.Check:
    """From low to high, both included; infinities and nan are refused before, when the text is read."""
    return pa.Check.in_range(low, high, name="range", description=f"a number from {low:g} to {high:g}")


def above(low: float) -> pa.Check:
    """Strictly above a bound."""
    return pa.Check.gt(low, name="above", description=f"a number above {low:g}")


def at_least(low: float) -> pa.Check:
    """Not below a bound."""
    return pa.Check.ge(low, name="at_least", description=f"a number not below {low:g}")


def one_of(values: Sequence[str]) -> pa.Check:
    """One word of a list."""
    return pa.Check.isin(list(values), name="one_of", description="one of " + ", ".join(values))


def matches(pattern: str, words: str) -> pa.Check:
    """A text of a given form, which `words` describes to a reader."""
    return pa.Check.str_matches(pattern, name="form", description=words)


def iso3(description: str, *, nullable: bool = False) -> pa.Column:
    """Three capital letters; whether the code is a known economy is a rule across tables."""
    return column(pl.String, description, matches(ISO3, "three capital letters"), nullable=nullable)


def key(description: str) -> pa.Column:
    """An id in lower case with underscores."""
    return column(pl.String, description, matches(KEY, "lower-case letters, digits and underscores"))


def year(description: str, low: int = 1900, high: int = 2100) -> pa.Column:
    """A calendar year."""
    return column(pl.Int64, description, between(low, high))


def text(description: str, *, nullable: bool = False) -> pa.Column:
    """Free text."""
    return column(pl.String, description, nullable=nullable)


def flag(description: str, *, nullable: bool = False) -> pa.Column:
    """True or false."""
    return column(pl.Boolean, description, nullable=nullable)


def date(description: str, *, nullable: bool = False) -> pa.Column:
    """A calendar day."""
    return column(pl.Date, description, nullable=nullable)


def table(description: str, unique: Sequence[str], columns: dict[str, pa.Column]) -> pa.DataFrameSchema:
    """A reference table: its columns, then where each row comes from and whether that was read."""
    provenance = {
        "source": text("Key of the source in sources.csv"),
        "verified": flag("True where the figure was read in the source; false where it is from memory or not checked"),
    }
    return pa.DataFrameSchema(
        columns | provenance, unique=list(unique), strict=True, ordered=True, description=description
    )
