"""The replication package of an edition: one zip with code, inputs, results, and the command that compares them.

`package` puts it together, `kept`, `code`, `results` and `exhibit_map` hold its parts, `readme` its words; the files in
`shipped/` go to its root as they are. Two computations are compared in `pipelines.comparison`.
"""
