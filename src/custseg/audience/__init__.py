"""Audiences: who may be contacted by which channel, target lists, and files for platforms."""
