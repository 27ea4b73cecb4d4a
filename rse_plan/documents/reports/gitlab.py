"""For GitLab: a Code Quality report."""

from rse_plan.documents.plain_json import dumped
from rse_plan.documents.reports import Report, relative

_SEVERITIES = {"error": "major", "warning": "minor"}


def write(report: Report) -> str:
    """Return one issue for each finding."""
    return dumped(
        [
            {
                "type": "issue",
                "check_name": one.code,
                "description": report.say.message(one),
                "categories": ["Bug Risk"],
                "severity": _SEVERITIES[one.severity],
                "fingerprint": fingerprint,
                "location": {
                    "path": relative(one.path),
                    "positions": {
                        "begin": {"line": one.span.line, "column": one.span.column},
                        "end": {"line": one.span.end_line, "column": one.span.end_column},
                    },
                },
            }
            for one, fingerprint in zip(report.diagnostics, report.fingerprints(), strict=True)
        ]
    )
