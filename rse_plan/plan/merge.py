"""Bring together two versions of data that grew out of one: what people wrote, what is generated.

Mappings merge key by key, lists whose items have an ``id`` item by item, and lists of plain values
as sets. What only one side changed is taken as it says; where both differ, ours stays, and a
conflict says what theirs was.
"""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

from rse_plan.files.splice import by_id

Path = tuple[str | int, ...]
_Entries = dict[Any, Any]


class Absence(Enum):
    """Stand for an entry that is not there, which is not one that holds nothing."""

    ABSENT = "absent"


ABSENT: Final = Absence.ABSENT


@dataclass(frozen=True)
class Conflict:
    """One place where both sides differ and ours was kept; its path names items by their id."""

    path: Path
    base: Any
    ours: Any
    theirs: Any


def merged(
    base: Any, ours: Any, theirs: Any, silent: frozenset[str] = frozenset()
) -> tuple[Any, list[Conflict]]:
    """Return ours with all that changed from base to theirs, and the conflicts where ours stayed.

    What stands in ours keeps its order; what theirs adds follows the same entry as there. An entry
    that we deleted stays deleted, which is a conflict if theirs has changed it since, unless only
    under `silent` keys. Lists that repeat a value or an id are taken as a whole. The result is a
    copy: what is written into it changes none of the three.
    """
    merge = _Merge(silent)
    return deepcopy(merge.value((), base, ours, theirs)), merge.conflicts


class _Merge:
    """Collect the conflicts of one merge."""

    def __init__(self, silent: frozenset[str]) -> None:
        self.silent = silent
        self.conflicts: list[Conflict] = []

    def value(self, path: Path, base: Any, ours: Any, theirs: Any) -> Any:
        if _same(ours, base):
            return theirs
        if _same(theirs, base) or _same(ours, theirs):
            return ours
        if isinstance(ours, dict) and isinstance(theirs, dict):
            base = base if isinstance(base, dict) else {}
            quiet = self.silent & base.keys() - ours.keys()
            theirs = {key: one for key, one in theirs.items() if key not in quiet}
            return self.entries(path, base, ours, theirs)
        if isinstance(ours, list) and isinstance(theirs, list):
            for named in (by_id, _by_value):
                here, there = named(ours), named(theirs)
                if here is not None and there is not None:
                    before = named(base) if isinstance(base, list) else None
                    return [*self.entries(path, before or {}, here, there).values()]
        if ours is not ABSENT or not _same(self.news(base), self.news(theirs)):
            self.conflicts.append(Conflict(path, base, ours, theirs))
        return ours

    def entries(self, path: Path, base: _Entries, ours: _Entries, theirs: _Entries) -> _Entries:
        found = {}
        for name in in_order(ours, theirs):
            before, here, there = (side.get(name, ABSENT) for side in (base, ours, theirs))
            value = self.value((*path, name), before, here, there)
            if value is not ABSENT:
                found[name] = value
        return found

    def news(self, data: Any) -> Any:
        """Return data without what stands under silent keys."""
        if isinstance(data, dict):
            return {key: self.news(value) for key, value in data.items() if key not in self.silent}
        return [*map(self.news, data)] if isinstance(data, list) else data


def in_order(ours: _Entries, theirs: _Entries) -> Iterator[Any]:
    """Yield our names, each followed by those that only follow it in theirs."""
    following: dict[Any, list[Any]] = {}
    group = first = list[Any]()
    for name in theirs:
        if name in ours:
            group = following.setdefault(name, [])
        else:
            group.append(name)
    yield from first
    for name in ours:
        yield name
        yield from following.get(name, ())


def _by_value(items: list[Any]) -> dict[Any, Any] | None:
    """Name plain values by themselves, if none is there twice; true is not the number 1."""
    named = {
        (isinstance(item, bool), item): item for item in items if not isinstance(item, dict | list)
    }
    return named if len(named) == len(items) else None


def _same(one: Any, other: Any) -> bool:
    """Compare data: the order of a mapping's keys means nothing, and true is not the number 1."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_same, one, other))
    return one == other and isinstance(one, bool) == isinstance(other, bool)
