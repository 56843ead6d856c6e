"""The pages of the documentation site that are made from the code: what describes a thing is written once, with it."""
