"""The jobs behind the commands: read, call the pure functions, write. One module a command."""
