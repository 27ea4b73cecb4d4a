"""A plan, what an update changes, and scenarios, on a terminal."""

from rich.console import RenderableType

from rse_plan.language import Language
from rse_plan.plan.report import PlanChanges, PlanReport, Scenarios
from rse_plan.views.plan.changes import ChangesView
from rse_plan.views.plan.report import PlanView
from rse_plan.views.plan.scenarios import ScenariosView


def view(report: PlanReport | PlanChanges | Scenarios, language: Language) -> RenderableType:
    """Show a plan, what an update changes in one, or scenarios side by side."""
    if isinstance(report, PlanChanges):
        return ChangesView(report, language)
    if isinstance(report, Scenarios):
        return ScenariosView(report, language)
    return PlanView(report, language)
