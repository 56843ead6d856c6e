"""The line that a user sees, whatever a file holds."""

from pipelines.errors import InputError


def test_what_is_allowed_is_cut_as_the_value_is():
    """A file that names a thing by thousands of signs has them in what else it may name."""
    line = str(InputError("one.yaml", 3, "part", "known", "customers", f"one of {'a' * 30_000}, hospitals"))
    assert len(line) < 2_000
    assert line.startswith("one.yaml, row 3, field part: 'customers' is not allowed; allowed: one of aaa")
    assert line.endswith("... (rule known)")
