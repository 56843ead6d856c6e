"""`cyberaccord export`: an edition as labelled files for other programs, one module a format.

Reads the published database and nothing else: descriptions and units are those of `meta.columns` and of the comments.
What may be passed on is decided in `rights`, which tables go in `selection`, how the folder appears in `folder`. No
dagster here, and nothing of it is imported before the command is called.
"""
