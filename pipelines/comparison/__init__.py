"""Two computations of one edition, number by number: what is the same, what moved, and by how much.

Standard library and duckdb only, imports inside the folder relative: the replication package carries the folder as it
is, because it must also compare what the code of an older commit computed.
"""
