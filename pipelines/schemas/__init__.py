"""Schemas of tables: columns with unit and meaning, written once. No dagster, no files."""
