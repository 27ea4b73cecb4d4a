"""For GitHub Actions: workflow commands, which become annotations of the changed lines."""

from rse_plan.documents.reports import Report
from rse_plan.files import Diagnostic
from rse_plan.language import printable


def write(report: Report) -> str:
    """Return one command for each finding."""
    return "".join(f"{_command(report, one)}\n" for one in report.diagnostics)


def _command(report: Report, found: Diagnostic) -> str:
    span = found.span
    properties = {"file": found.path, "line": span.line, "endLine": span.end_line}
    if span.line == span.end_line:
        # Columns of a longer stretch are refused.
        properties |= {"col": span.column, "endColumn": max(span.column, span.end_column - 1)}
    properties["title"] = found.code
    named = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{found.severity} {named}::{_data(report.advice(found))}"


def _property(value: object) -> str:
    return _data(printable(str(value))).replace(":", "%3A").replace(",", "%2C")


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
