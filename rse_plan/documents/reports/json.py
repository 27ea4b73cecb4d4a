"""For programs: one object with every finding, and how many files were checked."""

from rse_plan.documents.plain_json import dumped
from rse_plan.documents.reports import Report


def write(report: Report) -> str:
    """Return the findings; lines and columns count from 1, ends are exclusive."""
    diagnostics = [
        {
            "path": one.path,
            "line": one.span.line,
            "column": one.span.column,
            "end_line": one.span.end_line,
            "end_column": one.span.end_column,
            "severity": one.severity,
            "code": one.code,
            "message": report.say.message(one),
            "hint": report.say.hint(one),
        }
        for one in report.diagnostics
    ]
    return dumped({"diagnostics": diagnostics, "files": len(report.paths)})
