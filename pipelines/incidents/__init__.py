"""From the trackers' records to incidents in one vocabulary: one module a tracker, then matching and counting."""
