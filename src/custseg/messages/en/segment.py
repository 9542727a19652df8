"""Errors, warnings and words of segmentation."""

MESSAGES = {
    "segment.role_missing": (
        "No column of the orders was recognized as {role}.",
        "Name it with --role COLUMN={role}, or in the [roles] section of custseg.toml.",
    ),
    "segment.currencies": (
        "The amounts are in several currencies ({currencies}); adding them up would mean nothing.",
        "Convert them to one currency, or segment each currency's orders on their own.",
    ),
    "segment.no_orders": (
        "None of the {rows} order lines can be used.",
        "See which roles were recognized with `custseg fields`, and correct them with "
        "--role COLUMN=ROLE.",
    ),
    "segment.bins": (
        "{bins} bins cannot be used.",
        "Choose from 2 to {most} with --bins.",
    ),
    "segment.cuts": (
        "The fixed cuts of {measure} cannot be used.",
        "Give {number} cuts, each above the one before.",
    ),
    "segment.map_uncovered": (
        "The segment map leaves {number} codes without a segment: {codes}.",
        'Add patterns for them, or end the map with "..." = "others".',
    ),
    "segment.map_pattern": (
        "The segment map has a pattern that cannot be read: {pattern}.",
        "Write a place for R, F and, if needed, M: a digit, a range such as [4-5], or a dot.",
    ),
    "segment.map_score": (
        "The pattern {pattern} of the segment map names a score outside 1 to {bins}.",
        "Use scores from 1 to {bins}, or change --bins.",
    ),
    "segment.k": (
        "{k} clusters cannot be made.",
        "Choose from 2 to {most}, the number of customers that differ, or --k auto.",
    ),
    "segment.few_customers": (
        "{customers} customers are too few to find clusters among.",
        "At least 20 customers with different values are needed.",
    ),
}
