"""For code scanning: SARIF 2.1.0 (OASIS)."""

from pathlib import Path
from typing import Any
from urllib.parse import quote

from rse_plan import __version__
from rse_plan.documents.explanation import code_explanation
from rse_plan.documents.plain_json import dumped
from rse_plan.documents.reports import Report
from rse_plan.files import Diagnostic, Span

_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)


def write(report: Report) -> str:
    """Return one run with a rule for each code that occurs."""
    codes = sorted({one.code for one in report.diagnostics})
    driver = {
        "name": "rse-plan",
        "version": __version__,
        "rules": [_rule(report, code) for code in codes],
    }
    named = zip(report.diagnostics, report.fingerprints(), strict=True)
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "language": report.say.code,
        "results": [_result(report, *one, codes) for one in named],
    }
    return dumped({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]})


def _rule(report: Report, code: str) -> dict[str, Any]:
    explained = code_explanation(code, report.say)
    parts = (*explained.paragraphs, *explained.examples)
    help_text = "\n\n".join(f"{label}\n{text}" for label, text in parts)
    return {
        "id": code,
        "shortDescription": {"text": explained.title},
        "fullDescription": {"text": explained.paragraphs[0][1]},
        "help": {"text": help_text},
    }


def _result(
    report: Report, found: Diagnostic, fingerprint: str, codes: list[str]
) -> dict[str, Any]:
    related = [
        {
            **_location(found.path, other.span),
            "id": number,
            "message": {"text": report.beside(found, other.field)},
        }
        for number, other in enumerate(found.related)
    ]
    return {
        "ruleId": found.code,
        "ruleIndex": codes.index(found.code),
        "level": found.severity,
        # What looks like a link would become one.
        "message": {"text": report.advice(found).replace("](", "] (")},
        "locations": [_location(found.path, found.span)],
        **({"relatedLocations": related} if related else {}),
        "partialFingerprints": {"rse-plan/1": fingerprint},
    }


def _location(path: str, span: Span) -> dict[str, Any]:
    region = {
        "startLine": span.line,
        "startColumn": span.column,
        "endLine": span.end_line,
        "endColumn": span.end_column,
    }
    artifact = {"uri": _uri(path)}
    return {"physicalLocation": {"artifactLocation": artifact, "region": region}}


def _uri(path: str) -> str:
    if Path(path).is_absolute():
        return Path(path).as_uri()
    return quote(Path(path).as_posix(), errors="surrogateescape")
