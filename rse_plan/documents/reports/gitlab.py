"""For GitLab: a Code Quality report."""

import hashlib
import os
from collections import Counter
from pathlib import Path

from rse_plan.documents.reports import Report
from rse_plan.documents.reports.json import dumped
from rse_plan.files import Diagnostic

_SEVERITIES = {"error": "major", "warning": "minor"}


def write(report: Report) -> str:
    """Return one issue for each finding."""
    seen: Counter[tuple[str, ...]] = Counter()
    return dumped(
        [
            {
                "type": "issue",
                "check_name": one.code,
                "description": report.say.message(one),
                "categories": ["Bug Risk"],
                "severity": _SEVERITIES[one.severity],
                "fingerprint": fingerprint(report, one, seen),
                "location": {
                    "path": relative(one.path),
                    "positions": {
                        "begin": {"line": one.span.line, "column": one.span.column},
                        "end": {"line": one.span.end_line, "column": one.span.end_column},
                    },
                },
            }
            for one in report.diagnostics
        ]
    )


def relative(path: str) -> str:
    """Return a path as seen from here, which is the same wherever the project lies."""
    return Path(os.path.relpath(path)).as_posix()


def fingerprint(report: Report, found: Diagnostic, seen: Counter[tuple[str, ...]]) -> str:
    """Name a finding so that it keeps its name in another language and when lines move."""
    same = (relative(found.path), found.code, report.line(found.path, found.span.line).strip())
    seen[same] += 1
    named = "\0".join((*same, str(seen[same])))
    return hashlib.sha256(named.encode(errors="backslashreplace")).hexdigest()
