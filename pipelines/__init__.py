"""Data in, tables and an edition out: Dagster, and the only writer of the store. Imports models and reports."""
