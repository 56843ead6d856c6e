"""Dagster assets by room: thin, each calls one function and yields one published table."""
