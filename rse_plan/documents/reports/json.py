"""For programs: one object with every finding, and how many files were checked."""

import json
import re

from rse_plan.documents.reports import Report
from rse_plan.language import printable

_UNSEEN = re.compile(r"[^\n\x20-\x7e]")


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


def dumped(data: object) -> str:
    """Write JSON in which letters can be read and characters that do not show are escaped."""
    text = json.dumps(data, ensure_ascii=False, indent=2)
    return _UNSEEN.sub(_escaped, text)


def _escaped(found: re.Match[str]) -> str:
    if found[0].isprintable():
        return found[0]
    # Half a character, of a path that is not in UTF-8, is no JSON for most readers.
    shown = printable(found[0]) if "\ud800" <= found[0] <= "\udfff" else found[0]
    return json.dumps(shown)[1:-1]
