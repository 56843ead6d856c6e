"""The import rule of the house: models <- reports <- pipelines, models pure, parsers without dagster."""

from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports


def test_no_package_imports_what_it_may_not():
    assert lint_imports(no_cache=True) == EXIT_STATUS_SUCCESS
