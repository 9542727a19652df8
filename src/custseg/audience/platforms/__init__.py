"""Files as platforms want them: rules as data, an engine that follows them, a checker."""
