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
        "There are too few customers to find clusters among: {customers}.",
        "At least 20 customers with different values are needed.",
    ),
    "segment.cuts_text": (
        "The fixed cuts cannot be read: {text}.",
        "Write a measure and ascending numbers: --cuts recency_days=30,60,90,180.",
    ),
    "segment.k_text": (
        "The number of clusters cannot be read: {text}.",
        "Write auto, none, or a number from 2.",
    ),
    "segment.as_of": (
        "The reference date cannot be read: {text}.",
        "Write it as YYYY-MM-DD.",
    ),
    "segment.map_unknown": (
        "There is no segment map called {name}.",
        "Known maps: {known}. Your own stand in custseg.toml under [maps.NAME].",
    ),
    "segment.map_bins": (
        "The built-in segment maps are made for five bins, not {bins}.",
        "Use --bins 5, or write a map of your own under [maps.NAME] in custseg.toml.",
    ),
    "segment.feature": (
        "There is no feature called {feature}.",
        "Known features: {known}.",
    ),
    "segment.model_missing": (
        "The model {path} cannot be read.",
        "Name the model.json of an earlier run, or the folder it stands in.",
    ),
    "segment.model_unreadable": (
        "{name} is not a segmentation model.",
        "Name the model.json of an earlier run, or the folder it stands in.",
    ),
    "segment.model_version": (
        "{name} was written in another form than version {version}.",
        "Make the model again with this custseg, or use the custseg that made it.",
    ),
    "segment.model_without": (
        "The saved model holds no {part}.",
        "Use a model of the same command, or run without --model.",
    ),
    "segment.no_customer_id": (
        "{name} has no column customer_id.",
        "Give the run folder of `custseg clean`, or a table of customers with that column.",
    ),
    "segment.not_a_clean_run": (
        "{path} is a run, but not one of `custseg clean` or `dedupe`.",
        "Give a run folder that holds customers and records.",
    ),
    "segment.warn.small": "Segments with fewer than 101 customers, where one customer weighs 1 % or more: {number} (marked *).",
    "segment.warn.unreachable": "No code can ever fall into these segments, because earlier patterns take theirs: {segments}.",
    "segment.warn.no_clusters": "No clusters were made: there are too few customers, or they are too alike (customers: {customers}).",
    "segment.warn.outliers": "The smallest of the {k} clusters holds {share} % of customers: outliers, not a segment. The transform `log` tames them.",
    "segment.warn.unstable": "The {k} clusters change from sample to sample (adjusted Rand index {ari}): treat them with care.",
    "segment.warn.drift": "{feature} has drifted from the customers the model was fitted to (PSI {psi}, above 0.25): fit a new model.",
    "segment.warn.ambiguous_ids": "Customer ids that stand for different customers in different sources, so that their orders could not be assigned: {ids}.",
    "segment.warn.no_order_id": "No order number was recognized: every row counts as an order of its own (--orders-by day counts days).",
    "segment.warn.unknown": "Orders of customers that the clean run does not hold: {orders} (customers: {customers}); they are scored under their own ids.",
    "segment.warn.same_file": "{name} has the same content as an earlier input and was read once.",
    "segment.name.champions": "champions",
    "segment.name.loyal": "loyal customers",
    "segment.name.potential_loyalists": "potential loyalists",
    "segment.name.new": "new customers",
    "segment.name.promising": "promising",
    "segment.name.need_attention": "need attention",
    "segment.name.about_to_sleep": "about to sleep",
    "segment.name.at_risk": "at risk",
    "segment.name.cant_lose": "can't lose",
    "segment.name.hibernating": "hibernating",
    "segment.name.lost": "lost",
    "segment.action.champions": "Reward them, show them new products first, ask for reviews and referrals. No discounts: they buy without.",
    "segment.action.loyal": "Offer a membership or points, and the next better product. Ask what they think.",
    "segment.action.potential_loyalists": "Invite them to the membership; suggest what goes with what they bought.",
    "segment.action.new": "Welcome them, explain how to use what they bought, and bring them to a second order within the usual interval.",
    "segment.action.promising": "Keep the shop in mind: a small offer or a sample for the second order.",
    "segment.action.need_attention": "A limited offer on what they bought before, now, while they still remember.",
    "segment.action.about_to_sleep": "Remind them with popular products and a reason to come back soon.",
    "segment.action.at_risk": "Write personally, ask why they stopped, and offer a reason to return.",
    "segment.action.cant_lose": "Call or write by hand: they were among the best. Win them back before anyone else.",
    "segment.action.hibernating": "One inexpensive reminder; then spend the budget elsewhere.",
    "segment.action.lost": "At most one message to win them back; then leave them in peace.",
    "segment.excluded.empty": "empty rows",
    "segment.excluded.repeated": "the same order in another file",
    "segment.excluded.no_customer": "no customer",
    "segment.excluded.cancelled": "cancelled",
    "segment.excluded.undated": "no readable date",
    "segment.excluded.future": "after the reference date",
    "segment.excluded.quantity": "quantity zero or less (returns)",
    "segment.excluded.no_amount": "no readable amount",
    "segment.excluded.price": "amount zero or less",
    "segment.measure.recency_days": "days since the last order",
    "segment.measure.frequency": "orders",
    "segment.measure.monetary": "money spent",
    "segment.trait.recency_days.low": "bought recently",
    "segment.trait.recency_days.high": "long away",
    "segment.trait.frequency.high": "buys often",
    "segment.trait.frequency.low": "buys rarely",
    "segment.trait.monetary.high": "spends much",
    "segment.trait.monetary.low": "spends little",
    "segment.trait.none": "average in everything",
    "segment.choice.knee": "{k} clusters: with more, the fit improves little (the knee of the inertia); stable, and without outlier clusters.",
    "segment.choice.silhouette": "{k} clusters: the best silhouette of those that are stable and without outlier clusters; the knee at {knee} was refused.",
    "segment.choice.least_bad": "{k} clusters, for want of better: every number tried was unstable or set outliers apart.",
    "segment.choice.given": "{k} clusters, as asked for.",
    "segment.choice.model": "{k} clusters of the saved model.",
    "segment.few_repeaters": (
        "Too few customers bought on more than one day to forecast from: {repeaters}.",
        "At least {least} are needed; take a longer period.",
    ),
    "segment.too_many_itemsets": (
        "More than {most} groups of products are bought together often enough: too many to make rules of.",
        "Raise --support (now {support}), or lower --max-items.",
    ),
    "segment.attribute": (
        "There is no column {column} to group customers by.",
        "Known columns: {known}.",
    ),
    "segment.rule_unreadable": (
        "The rule of {name} cannot be read from character {place}.",
        "Compare columns with numbers or 'text', joined by and, or, not.",
    ),
    "segment.rule_deep": (
        "The rule of {name} is nested more than {most} deep.",
        "Write it flatter, or split it into several segments.",
    ),
    "segment.rule_end": (
        "The rule of {name} ends too late: something is left at character {place}.",
        "Join conditions with and, or.",
    ),
    "segment.rule_kinds": (
        "The rule of {name} compares unlike things at character {place}.",
        "Compare numbers with numbers, and text with 'text' in single quotes.",
    ),
    "segment.rule_comparison": (
        "The rule of {name} misses a comparison at character {place}.",
        "Use =, !=, <, <=, >, >=, in, between, like, or is null.",
    ),
    "segment.rule_date": (
        "The rule of {name} has a day that cannot be read before character {place}.",
        "Write days as '2024-12-31'.",
    ),
    "segment.rule_value": (
        "The rule of {name} misses a column or a value at character {place}.",
        "Write a column, a number, or 'text' in single quotes.",
    ),
    "segment.rule_expected": (
        "The rule of {name} is incomplete at character {place}.",
        "Check parentheses, and the words and, null.",
    ),
    "segment.rule_column": (
        "The rule of {name} names a column that is not there: {column}.",
        "Nearest: {nearest}.",
    ),
    "segment.warn.no_forecast": "No forecast of purchases: only {repeaters} customers bought on more than one day, {least} are needed.",
    "segment.warn.forecast": "The purchase model adds nothing to the plain rate of purchases here: take expected purchases and the probability of being active with care.",
}
