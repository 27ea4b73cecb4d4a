"""The files that documents are made from, as they are now.

Their bytes alone tell whether anything changed: nothing has to be understood for that.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from rse_plan import __version__
from rse_plan.documents.kit.shelf import fingerprint
from rse_plan.files import Document, read_bytes
from rse_plan.files.discovery import lineage, playbook_folder, real_path
from rse_plan.files.resources import shipped

# The folder of a brand that holds templates by language.
TEMPLATES = "templates"


@dataclass(frozen=True)
class Source:
    """A file and what it held when it was looked at."""

    path: Path
    content: bytes

    def document(self) -> Document:
        """Read it; raise InvalidFileError."""
        return read_bytes(self.content, str(self.path))


@dataclass(frozen=True)
class Sources:
    """A plan, its organisation if there is one, and what says how their documents look and read.

    `playbook` is a name or a folder, `brand` a folder; `draws` says whether charts can be drawn.
    """

    plan: Source
    organisation: Source | None
    brand: Path | None
    playbook: str
    language: str
    draws: bool

    @cached_property
    def fingerprint(self) -> str:
        """A fingerprint of them all, which changes when one of them does."""
        facts = "" if self.organisation is None else fingerprint(self.organisation.content)
        own = (__version__, self.language, str(self.draws), fingerprint(self.plan.content), facts)
        parts = [*own, *_parts(shipped("templates"))]
        for folder in lineage(playbook_folder(self.playbook)):
            parts += _parts(folder, ".yaml")
        if self.brand:
            parts += _brand_parts(self.brand)
        return fingerprint("\n".join(parts).encode())


def _brand_parts(folder: Path) -> Iterator[str]:
    """Name what a brand holds: its files with a fingerprint, and those of its templates."""
    for path in sorted(folder.iterdir()):
        if not path.name.startswith("."):
            yield f"{path.name} {_mark(path)}"
    yield from _parts(folder / TEMPLATES, hidden=True)


def _parts(folder: Path, ending: str = "", *, hidden: bool = False) -> Iterator[str]:
    """Name the files below a folder, each with a fingerprint; links are followed."""
    yield "/"
    seen: set[str] = set()
    for place, folders, names in os.walk(folder, followlinks=True):
        seen.add(real_path(place))
        folders[:] = sorted(
            name
            for name in folders
            if (hidden or not name.startswith(".")) and real_path(Path(place, name)) not in seen
        )
        for name in sorted(names):
            path = Path(place, name)
            if name.endswith(ending) and (hidden or not name.startswith(".")):
                yield f"{path.relative_to(folder).as_posix()} {_mark(path)}"


def _mark(path: Path) -> str:
    """Return a fingerprint of a file; nothing of what is none."""
    return fingerprint(path.read_bytes()) if path.is_file() else ""
