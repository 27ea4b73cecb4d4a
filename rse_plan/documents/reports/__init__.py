"""What was found in files, in the form that a person or another program reads.

Every form says the same. Nothing that stands in a file can steer a terminal or break a format:
messages hold printable characters only, and paths are escaped as each format asks.
"""

import os
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from importlib import import_module
from pathlib import Path
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

    def advice(self, found: Diagnostic) -> str:
        """Say what a finding is, and on a line of its own how to mend it."""
        hint = self.say.hint(found)
        return "\n".join([self.say.message(found), *([hint] if hint else [])])

    def beside(self, found: Diagnostic, field: str) -> str:
        """Say what another place has to do with a finding."""
        key = "related_in_cycle" if found.code == "cycle" else "related"
        return self.say(key, field=field)

    def fingerprints(self) -> list[str]:
        """Name each finding, the same in another language and when lines are added above."""
        seen: Counter[tuple[str, ...]] = Counter()
        names = []
        for found in self.diagnostics:
            line = self.line(found.path, found.span.line).strip()
            same = (relative(found.path), found.code, line)
            seen[same] += 1
            named = "\0".join((*same, str(seen[same])))
            names.append(sha256(named.encode(errors="backslashreplace")).hexdigest())
        return names


def relative(path: str) -> str:
    """Return a path as seen from here, which is the same wherever the project lies."""
    return Path(os.path.relpath(path)).as_posix()


def write(report: Report, form: Format) -> str:
    """Return a report in one of the forms; each has a module of its name."""
    written: str = import_module(f"{__name__}.{form}").write(report)
    return written
