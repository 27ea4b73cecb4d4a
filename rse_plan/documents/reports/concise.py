"""One line for each finding: ``path:line:column: CODE message``."""

from rse_plan.documents.reports import Report
from rse_plan.files import UNREAD, Diagnostic
from rse_plan.language import Language, printable


def write(report: Report) -> str:
    """Return the findings, one on each line."""
    return "".join(f"{line(one, report.say)}\n" for one in report.diagnostics)


def line(found: Diagnostic, say: Language) -> str:
    """Say where a finding is, its code, and what it is."""
    return f"{place(found)} {found.code} {said(found, say)}"


def place(found: Diagnostic) -> str:
    """Say where a finding is."""
    if found.code in UNREAD:
        return f"{printable(found.path)}:"
    return f"{printable(found.path)}:{found.span.line}:{found.span.column}:"


def said(found: Diagnostic, say: Language) -> str:
    """Say what a finding is, and that it is only a warning when it is."""
    mild = f"({say('severity.warning')}) " if found.severity == "warning" else ""
    return mild + say.message(found)
