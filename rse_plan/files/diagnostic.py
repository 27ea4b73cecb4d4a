"""One fault in one file: where it is, its code, and the values its message needs.

A diagnostic holds no sentence. Its code names a message in each language
(``templates/<language>/diagnostics.yaml``), so codes stay the same in all of them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

Severity = Literal["error", "warning"]


class Span(NamedTuple):
    """A stretch of a file; lines and columns count from 1, the end is exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int


START = Span(1, 1, 1, 1)

# Codes of files that could not be opened, and have no place to point to.
UNREAD = frozenset({"file-not-found", "file-unreadable", "file-is-folder"})


@dataclass(frozen=True)
class Related:
    """The other place of a contradiction, and the field that stands there."""

    span: Span
    field: str


@dataclass(frozen=True)
class Diagnostic:
    """Say what is wrong at one place of one file."""

    path: str
    code: str
    span: Span = START
    severity: Severity = "error"
    values: Mapping[str, object] = field(default_factory=dict)
    suggestion: str | None = None
    related: tuple[Related, ...] = ()


class InvalidFileError(Exception):
    """Carry all the diagnostics of the files that could not be used."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        """Sort the diagnostics by place, so that the same faults read the same."""
        self.diagnostics = in_order(diagnostics)
        super().__init__(", ".join(f"{d.path}:{d.span.line} {d.code}" for d in self.diagnostics))


def in_order(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Sort diagnostics by file and place."""
    return sorted(diagnostics, key=lambda d: (d.path, d.span, d.code))
