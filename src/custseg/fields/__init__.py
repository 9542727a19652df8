"""What a column means: the roles, and recognizing them from header and content."""

from custseg.fields.config_text import config_text
from custseg.fields.guess import FieldGuess, Reason, role_map
from custseg.fields.recognize import get_ready, recognize

__all__ = ["FieldGuess", "Reason", "config_text", "get_ready", "recognize", "role_map"]
