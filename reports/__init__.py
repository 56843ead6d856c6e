"""The report: figures, tables and one offline page from the published database, which is all it reads."""
