"""A folder of documents: what we wrote there, and what people have made of it since.

The record beside the documents holds, for each file, a fingerprint of what was written and of what
it was written from. A file whose fingerprint is another has been edited by somebody.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Literal

RECORD = ".rse-plan.json"
SCHEMA = "rse-plan/documents/1"

State = Literal["new", "current", "outdated", "edited"]


@dataclass(frozen=True)
class Entry:
    """A file as it was written: fingerprints of its bytes and of what they were made from."""

    written: str
    made_from: str


@dataclass(frozen=True)
class Shelf:
    """What was written into a folder, by the path of each file."""

    entries: Mapping[str, Entry] = field(default_factory=dict)

    @classmethod
    def read(cls, text: str) -> "Shelf":
        """Read a record; raise ValueError for what is none."""
        data = json.loads(text)
        if not isinstance(data, dict) or data.get("schema") != SCHEMA:
            raise ValueError(RECORD)
        return cls({path: Entry(**said) for path, said in data["files"].items()})

    def text(self) -> str:
        """Write the record, its files in order."""
        files = {path: vars(self.entries[path]) for path in sorted(self.entries)}
        return json.dumps({"schema": SCHEMA, "files": files}, indent=1, ensure_ascii=False) + "\n"

    def state(self, path: str, made_from: str, there: bytes | None) -> State:
        """Say what a file is, from its bytes if it is there."""
        if there is None:
            return "new"
        entry = self.entries.get(path)
        if entry is None or entry.written != fingerprint(there):
            return "edited"
        return "current" if entry.made_from == made_from else "outdated"

    def with_file(self, path: str, made_from: str, content: bytes) -> "Shelf":
        """Note a file that is written."""
        entry = Entry(fingerprint(content), made_from)
        return replace(self, entries={**self.entries, path: entry})


def fingerprint(content: bytes) -> str:
    """Return a fingerprint of some bytes."""
    return sha256(content).hexdigest()
