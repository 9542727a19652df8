"""Who is the same person: block, compare, weigh, cluster. No labels, no rules, no thresholds."""

from custseg.cleanse.match.evaluate import Evaluation, evaluate, evaluate_pairs
from custseg.cleanse.match.explain import Explanation, FieldSum, explain_pair, weights_of_fields
from custseg.cleanse.match.model import MatchModel
from custseg.cleanse.match.run import match_records, plan_blocking
from custseg.cleanse.match.types import (
    Decisions,
    KeyPlan,
    Matches,
    MatchSettings,
    MatchWarning,
    Plan,
)
from custseg.cleanse.match.verdict import Outcome, Verdict

__all__ = [
    "Decisions",
    "Evaluation",
    "Explanation",
    "FieldSum",
    "KeyPlan",
    "MatchModel",
    "MatchSettings",
    "MatchWarning",
    "Matches",
    "Outcome",
    "Plan",
    "Verdict",
    "evaluate",
    "evaluate_pairs",
    "explain_pair",
    "match_records",
    "plan_blocking",
    "weights_of_fields",
]
