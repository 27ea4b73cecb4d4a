"""For a person: each finding with the line it stands on, a caret, and how to mend it."""

import unicodedata
from collections.abc import Iterator

from rse_plan.documents.reports import Report
from rse_plan.documents.reports.concise import place, said
from rse_plan.files import Diagnostic, Span
from rse_plan.language import printable

_WIDTH = 96
_BEFORE = 48
_STYLES = {"place": "1", "error": "1;31", "warning": "1;33", "hint": "36", "rule": "2"}


def write(report: Report) -> str:
    """Return the findings, with an empty line between them."""
    return "\n".join("".join(f"{line}\n" for line in _finding(report, one))
                     for one in report.diagnostics)  # fmt: skip


def _finding(report: Report, found: Diagnostic) -> Iterator[str]:
    code = _styled(report, found.severity, found.code)
    yield f"{_styled(report, 'place', place(found))} {code} {said(found, report.say)}"
    yield from _excerpt(report, found.path, found.span, found.severity, "^")
    for other in found.related:
        label = report.beside(found, printable(other.field))
        yield from _excerpt(report, found.path, other.span, "place", "-", label)
    if hint := report.say.hint(found):
        yield f"    {_styled(report, 'rule', '=')} {_styled(report, 'hint', hint)}"


def _excerpt(
    report: Report, path: str, span: Span, style: str, mark: str, label: str = ""
) -> Iterator[str]:
    """Show the first line of a span, cut around it, and mark the span below."""
    text = report.line(path, span.line)
    if not text.strip():
        return
    start = min(span.column - 1, len(text))
    end = span.end_column - 1 if span.end_line == span.line else len(text.rstrip())
    first = max(0, start - _BEFORE) if len(text) > _WIDTH else 0
    last = first + _WIDTH
    shown = printable(text[first:last].replace("\t", " "))
    indent = _columns(text[first:start])
    length = max(1, _columns(text[start : min(end, last)]))
    gutter = f"{span.line:>5} "
    bar = _styled(report, "rule", "|")
    yield f"{_styled(report, 'rule', gutter)}{bar} {shown}".rstrip()
    marks = _styled(report, style, mark * length)
    yield f"{' ' * len(gutter)}{bar} {' ' * indent}{marks}{' ' + label if label else ''}"


def _columns(text: str) -> int:
    """Count the columns that a text takes in a terminal."""
    shown = printable(text.replace("\t", " "))
    wide = sum(unicodedata.east_asian_width(one) in "WF" for one in shown)
    # Accents and the like stand on the character before them.
    return len(shown) + wide - sum(unicodedata.category(one) in {"Mn", "Me"} for one in shown)


def _styled(report: Report, style: str, text: str) -> str:
    return f"\x1b[{_STYLES[style]}m{text}\x1b[0m" if report.colour else text
