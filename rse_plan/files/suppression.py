"""``# rse-plan: ignore[code] reason``: let a finding stand, and say why.

At the end of a line the comment speaks of that line; on a line of its own, of the next line that
holds something. What makes a file unusable is refused before any comment is asked.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rse_plan.files.diagnostic import Diagnostic, Span
from rse_plan.files.loader import closest
from rse_plan.files.reader import Document, lines_of

_MARK = "rse-plan: ignore"
_COMMENT = re.compile(rf"(?:^|(?<=\s))#\s*{_MARK}\b(?:\[([^\]]*)\])?\s*(.*)")


@dataclass(frozen=True)
class Ignore:
    """One code that a comment lets stand on one line."""

    code: str
    line: int
    span: Span
    reason: str


def suppress(document: Document, findings: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Leave out the findings that the document ignores; add the comments that ignore none."""
    findings = list(findings)
    if _MARK not in document.text:
        return findings
    ignores = list(_ignores(document))
    ignored = {(ignore.line, ignore.code) for ignore in ignores}
    found: dict[int, set[str]] = {}
    for finding in findings:
        found.setdefault(finding.span.line, set()).add(finding.code)
    kept = [one for one in findings if (one.span.line, one.code) not in ignored]
    for ignore in ignores:
        there = found.get(ignore.line, set())
        if ignore.code not in there:
            meant = closest(ignore.code, sorted(there))
            kept.append(_fault(document, "unused-ignore", ignore, meant))
        elif not ignore.reason:
            kept.append(_fault(document, "ignore-without-reason", ignore))
    return kept


def _fault(document: Document, code: str, ignore: Ignore, meant: str | None = None) -> Diagnostic:
    values = {"ignored": ignore.code}
    return Diagnostic(document.path, code, ignore.span, "warning", values, meant)


def _ignores(document: Document) -> Iterator[Ignore]:
    lines = lines_of(document.text)
    next_lines = _next_lines(lines)
    for number, text in enumerate(lines, start=1):
        comment = _COMMENT.search(text)
        if comment is None or document.in_text(number, comment.start() + 1):
            continue
        alone = not text[: comment.start()].strip()
        line = next_lines[number] if alone else number
        span = Span(number, comment.start() + 1, number, len(text) + 1)
        for code in (comment[1] or "").split(","):
            yield Ignore(code.strip(), line, span, comment[2])


def _next_lines(lines: list[str]) -> dict[int, int]:
    """Map the number of each line to that of the next one that holds more than a comment."""
    found: dict[int, int] = {}
    following = len(lines)
    for number in range(len(lines), 0, -1):
        found[number] = following
        text = lines[number - 1].lstrip()
        if text and not text.startswith("#"):
            following = number
    return found
