"""Words in English, one module a subject."""
