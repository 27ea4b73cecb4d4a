"""What was found in files, in the form that a person or another program reads.

Every form says the same. Nothing that stands in a file can steer a terminal or break a format:
messages hold printable characters only, and paths are escaped as each format asks.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Literal, get_args

from rse_plan.files import Diagnostic
from rse_plan.language import Language

Format = Literal["text", "concise", "json", "github", "gitlab", "sarif", "junit"]
FORMATS: tuple[Format, ...] = get_args(Format)

Lines = Callable[[str], Sequence[str]]


@dataclass(frozen=True)
class Report:
    """What was found in some files, in order, and how to say and show it.

    `lines` gives the lines of a file by its path, and none when it cannot be shown.
    """

    diagnostics: Sequence[Diagnostic]
    paths: Sequence[str]
    say: Language
    lines: Lines
    colour: bool = False

    def line(self, path: str, number: int) -> str:
        """Return one line of a file, counted from 1; empty when there is none."""
        lines = self.lines(path)
        return lines[number - 1] if 0 < number <= len(lines) else ""


def write(report: Report, form: Format) -> str:
    """Return a report in one of the forms; each has a module of its name."""
    written: str = import_module(f"{__name__}.{form}").write(report)
    return written
