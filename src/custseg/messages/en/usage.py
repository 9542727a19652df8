"""What is wrong with a command line, and the titles of its help."""

MESSAGES = {
    "usage.no_option": (
        "{command} has no option {name}.",
        "Did you mean one of these? {near}",
    ),
    "usage.strange_option": (
        "{command} has no option {name}.",
        "`{command} -h` shows all.",
    ),
    "usage.no_command": (
        "{command} has no command {name}.",
        "Did you mean one of these? {near}",
    ),
    "usage.missing": (
        "{name} is missing.",
        "`{command} -h` shows how the command is written.",
    ),
    "usage.no_value": (
        "{name} needs a value after it.",
        "`{command} -h` shows which.",
    ),
    "usage.value_too_much": (
        "{name} takes no value.",
        "Write it alone; `{command} -h` shows it.",
    ),
    "usage.surplus": (
        "Nothing is known to do with: {words}",
        "Put names with spaces into quotes; `{command} -h` shows how the command is written.",
    ),
    "usage.no_choice": (
        "{name} does not take this value.",
        "It takes one of: {choices}.",
    ),
    "usage.no_day": (
        "{name} needs a day.",
        "Write it as YYYY-MM-DD, for example 2026-04-01.",
    ),
    "usage.no_number": (
        "{name} needs a number within its bounds.",
        "`{command} -h` shows them.",
    ),
    "usage.other": (
        "The command line cannot be read: {why}",
        "`{command} -h` shows how the command is written.",
    ),
    "usage.title.usage": "Usage",
    "usage.title.arguments": "Arguments",
    "usage.title.options": "Options",
    "usage.title.commands": "Commands",
    "usage.required": "[required]",
    "usage.show_help": "Show this message and exit.",
    "usage.install_completion": "Install completion for the current shell.",
    "usage.show_completion": (
        "Show completion for the current shell, to copy it or customize the installation."
    ),
}
