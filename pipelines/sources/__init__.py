"""One parser a public source: bytes to a frame in the source's own labels. No dagster, no files, no network."""
