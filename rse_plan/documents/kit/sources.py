"""The files that documents are made from, as they are now.

Their bytes alone tell whether anything changed: nothing has to be understood for that.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from rse_plan import __version__
from rse_plan.documents.kit.shelf import fingerprint
from rse_plan.files import Document, read_bytes
from rse_plan.files.resources import shipped
from rse_plan.playbook.layer import lineage, playbook_folder


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
        parts = [*own, *_parts(shipped("templates"), "*")]
        for folder in lineage(playbook_folder(self.playbook)):
            parts += _parts(folder, "*.yaml")
        if self.brand:
            parts += _parts(self.brand, "*")
        return fingerprint("\n".join(parts).encode())


def _parts(folder: Path, pattern: str) -> Iterator[str]:
    """Name the files of a folder, each with a fingerprint; what is hidden does not count."""
    yield "/"
    for path in sorted(folder.rglob(pattern)):
        name = path.relative_to(folder)
        if path.is_file() and not any(part.startswith(".") for part in name.parts):
            yield f"{name.as_posix()} {fingerprint(path.read_bytes())}"
