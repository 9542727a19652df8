"""Pictures: numbers and words in, SVG out. Pure, deterministic, readable without color."""
