"""Everything that can be named, explained: why it is there, how it counts, who says so."""

from rse_plan.documents.explanation.explainer import Explainer, code_explanation
from rse_plan.documents.explanation.page import Entries, Explanation

__all__ = ["Entries", "Explainer", "Explanation", "code_explanation"]
