"""Data that the package ships, each with its provenance beside it."""
