"""A plan, an update or scenarios as JSON, Markdown or a table."""

from typing import Literal

from rse_plan.documents.plain_json import dumped
from rse_plan.documents.plan.record import changes_record, plan_record, scenarios_record
from rse_plan.language import Language
from rse_plan.plan.report import PlanChanges, PlanReport, Scenarios

Report = PlanReport | PlanChanges | Scenarios
Format = Literal["json", "markdown", "csv"]


def written(report: Report, output_format: Format, language: Language) -> str:
    """Write a plan, what an update changes in one, or scenarios side by side."""
    if output_format == "json":
        return dumped(_record(report))
    if output_format == "markdown":
        from rse_plan.documents.plan.markdown import (  # noqa: PLC0415 - Jinja is slow to import
            plan_markdown,
        )

        return plan_markdown(report, language)
    return _csv(report)


def _record(report: Report) -> object:
    if isinstance(report, PlanChanges):
        return changes_record(report)
    return scenarios_record(report) if isinstance(report, Scenarios) else plan_record(report)


def _csv(report: Report) -> str:
    from rse_plan.documents.plan import table  # noqa: PLC0415 - pandas is slow to import

    if isinstance(report, PlanChanges):
        return table.changes_csv(report)
    return table.scenarios_csv(report) if isinstance(report, Scenarios) else table.plan_csv(report)
