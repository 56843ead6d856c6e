"""The economics, pure: arrays and frames in, arrays and frames out.

No files, network, clocks, databases or global random state belong here; those live in `pipelines`.
"""
