"""A folder of documents: what we wrote there, and what people have made of it since.

The record beside the documents holds, for each file, a fingerprint of what was written and of what
it was written from. A file whose fingerprint is another has been edited by somebody. When a run
left nothing to do or to say, the record holds what it was asked, until another run writes a file:
the same run need not be made again.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import Literal

RECORD = ".rse-plan.json"
SCHEMA = "rse-plan/documents/1"

State = Literal["new", "current", "outdated", "edited"]


class BadRecordError(Exception):
    """A record that cannot be read; its path is the argument."""


@dataclass(frozen=True)
class Entry:
    """A file as it was written: fingerprints of its bytes and of what they were made from.

    `kept` is what somebody has taken their own version of it for current with.
    """

    written: str
    made_from: str
    kept: str | None = None

    def __post_init__(self) -> None:
        """Raise TypeError for fingerprints that are no texts."""
        if not all(isinstance(one, str) for one in (self.written, self.made_from, self.kept or "")):
            raise TypeError(self)

    def as_data(self) -> dict[str, str]:
        """Return what the record says of it."""
        return {name: said for name, said in vars(self).items() if said is not None}


@dataclass(frozen=True)
class Shelf:
    """What was written into a folder, by the path of each file, and what settled it."""

    entries: Mapping[str, Entry] = field(default_factory=dict)
    settled: str | None = None

    @classmethod
    def at(cls, folder: Path) -> "Shelf":
        """Read the record of a folder; without one, every file there is somebody's own.

        Raise BadRecordError for what is no record.
        """
        path = folder / RECORD
        try:
            return cls.read(path.read_text(encoding="utf-8")) if path.exists() else cls()
        except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
            raise BadRecordError(path) from None

    @classmethod
    def read(cls, text: str) -> "Shelf":
        """Read a record; raise ValueError or TypeError for what is none."""
        data = json.loads(text)
        if not isinstance(data, dict) or data.get("schema") != SCHEMA:
            raise ValueError(RECORD)
        files = {path: Entry(**said) for path, said in data["files"].items()}
        # Half a character is no part of a path: this raises UnicodeEncodeError.
        "".join(files).encode()
        return cls(files, data.get("settled"))

    def text(self) -> str:
        """Write the record, its files in order."""
        files = {path: self.entries[path].as_data() for path in sorted(self.entries)}
        data = {"schema": SCHEMA, "settled": self.settled, "files": files}
        return json.dumps(data, indent=1, ensure_ascii=False) + "\n"

    def state(self, path: str, made_from: str, there: bytes | None) -> State:
        """Say what a file is, from its bytes if it is there."""
        if not there:
            # Nobody's work: a loss of power may leave an empty file.
            return "new"
        entry = self.entries.get(path)
        if entry is None or entry.written != fingerprint(there):
            return "edited"
        return "current" if entry.made_from == made_from else "outdated"

    def is_for(self, made_from: str, path: str) -> bool:
        """Say whether a file was written from this, or is kept as somebody made it since."""
        entry = self.entries.get(path)
        return entry is not None and made_from in {entry.made_from, entry.kept}

    def with_file(self, path: str, made_from: str, content: bytes) -> "Shelf":
        """Note a file that is written."""
        return Shelf({**self.entries, path: Entry(fingerprint(content), made_from)})

    def with_kept(self, path: str, made_from: str) -> "Shelf":
        """Note that a file which somebody edited is to stay as it is for now."""
        entry = self.entries.get(path) or Entry("", "")
        return Shelf({**self.entries, path: replace(entry, kept=made_from)})

    def as_settled(self, asked: str, made_from: str) -> "Shelf":
        """Note that what was asked left nothing to do or to say."""
        return replace(self, settled=self._seal(asked, made_from))

    def is_settled(self, asked: str, made_from: str, folder: Path) -> bool:
        """Say whether what is asked was done, and all that was made from the same is there."""
        return self.settled == self._seal(asked, made_from) and all(
            self.state(path, made_from, content_at(folder / path)) == "current"
            for path, entry in self.entries.items()
            if entry.made_from == made_from
        )

    def _seal(self, asked: str, made_from: str) -> str:
        """Return a fingerprint of what was asked and of the record, which others may change."""
        record = replace(self, settled=None).text()
        return fingerprint(f"{asked} {made_from} {record}".encode())


def content_at(path: Path) -> bytes | None:
    """Return the bytes of a file, if it is there."""
    return path.read_bytes() if path.is_file() else None


def fingerprint(content: bytes) -> str:
    """Return a fingerprint of some bytes."""
    return sha256(content).hexdigest()
