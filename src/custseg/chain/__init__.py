"""The chain of ``custseg run`` as pure decisions: names of runs, gates, what may be used again."""
