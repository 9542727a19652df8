"""Words in Japanese, one module a subject."""
