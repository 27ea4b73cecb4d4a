"""What is not in a plan any more: what goes with it, and what stays because of a comment."""

from collections.abc import Callable, Container, Mapping
from typing import Any

from rse_plan.files.splice import by_id
from rse_plan.plan.entries import ADDED, TIMED, Data, Where, dates, entries, timed, without_dates
from rse_plan.plan.merge import ABSENT, Conflict, Path

# Fields that name a task or a gate, and may be left out.
_NAMING = {"task", "before"}

# Fields that name an entry of a list, and the list.
_LISTED = {"calendar": "calendars", "kpi": "kpis", "owner": "roles", "role": "roles"}

# Says whether a person wrote a comment in an entry; items that have no id are named by their index.
Commented = Callable[[Path], bool]
_Named = dict[Any, Any]


def without_deleted(data: Data, before: Data) -> Data:
    """Forget what is gone wherever it is named: who waited for it waits for what it did."""
    there, was = timed(data), timed(before)
    for key in TIMED:
        was |= before.get(ADDED, {}).get(key, {})
    gone = {name: one.get("after", []) for name, one in was.items() if name not in there}
    if gone:
        data = dict(_without(without_dates(data, _due(data, gone, dates(before))), gone))
    sites = {site["id"] for site in data.get("sites", ())}
    closed = {site["id"]: site for site in before.get("sites", ()) if site["id"] not in sites}
    if not closed:
        return data
    return data | {"waves": [_opening(wave, closed) for wave in data.get("waves", ())]}


def _due(data: Data, gone: Container[str], was: Mapping[Where, Data]) -> dict[Where, set[str]]:
    """Find the days by which something is due only because of what is gone."""
    return {
        where: {"due"}
        for where, entry in entries(data)
        if any(entry.get(key) in gone for key in _NAMING)
        and entry.get("due") == was.get(where, {}).get("due")
    }


def _opening(wave: Data, closed: Mapping[str, Data]) -> Data:
    """Take sites that are gone out of a wave, with their staff."""
    gone = [closed[name] for name in wave.get("sites", ()) if name in closed]
    staff = sum(site.get("headcount", 0) for site in gone)
    changed = {"sites": [name for name in wave.get("sites", ()) if name not in closed]}
    if "headcount" in wave:
        changed["headcount"] = wave["headcount"] - staff
    return wave | changed if gone else wave


def _without(said: Any, gone: Mapping[str, list[str]]) -> Any:
    if isinstance(said, list):
        return [_without(one, gone) for one in said if not _is_about(one, gone)]
    if not isinstance(said, Mapping):
        return said
    kept = {key: one for key, one in said.items() if key not in _NAMING or one not in gone}
    if "after" in kept:
        kept["after"] = _waited_for(kept["after"], gone)
    return {key: _without(one, gone) if key != "after" else one for key, one in kept.items()}


def _is_about(entry: Any, gone: Mapping[str, list[str]]) -> bool:
    """Say whether an entry is nothing without what is gone: a lag after it, a wish for it."""
    if not isinstance(entry, Mapping):
        return False
    lag = entry.keys() <= {"id", "least_days", "most_days"} and entry.get("id") in gone
    return lag or entry.get("about") in gone


def _waited_for(after: list[str], gone: Mapping[str, list[str]]) -> list[str]:
    """Replace what is gone by what it waited for itself."""
    found: dict[str, None] = {}
    left, seen = list(after), set[str]()
    while left:
        name = left.pop(0)
        if name not in gone:
            found[name] = None
        elif name not in seen:
            seen.add(name)
            left += gone[name]
    return list(found)


def held(ours: Data, data: Data, commented: Commented) -> tuple[Data, list[Conflict]]:
    """Put back what is not in the data any more and holds a comment of ours, as a conflict."""
    holding = _Holding(commented)
    return holding.value((), ours, data), holding.conflicts


class _Holding:
    """Collect what is put back."""

    def __init__(self, commented: Commented) -> None:
        self.commented = commented
        self.conflicts: list[Conflict] = []

    def value(self, path: Path, ours: Any, said: Any) -> Any:
        if ours == said:
            return said
        if isinstance(ours, dict) and isinstance(said, dict):
            return self.entries(path, ours, said)
        if isinstance(ours, list) and isinstance(said, list):
            return self.items(path, ours, said)
        # What takes the place of a scalar leaves the comment behind it.
        is_lost = said is ABSENT or isinstance(ours, dict | list)
        return self.hold(path, ours, said) if is_lost and self.commented(path) else said

    def items(self, path: Path, ours: list[Any], said: list[Any]) -> list[Any]:
        here, there = by_id(ours), by_id(said)
        if here is not None and there is not None:
            return [*self.entries(path, here, there).values()]
        lost = (number for number, one in enumerate(ours) if one not in said)
        kept = [number for number in lost if self.commented((*path, number))]
        if any(isinstance(one, dict | list) for one in [*ours, *said]):
            return self.hold(path, ours, said) if kept else said
        return [*said, *(self.hold((*path, number), ours[number], ABSENT) for number in kept)]

    def entries(self, path: Path, ours: _Named, said: _Named) -> _Named:
        found = dict(said)
        for name, one in ours.items():
            value = self.value((*path, name), one, said.get(name, ABSENT))
            if value is not ABSENT:
                found[name] = value
        return found

    def hold(self, path: Path, ours: Any, said: Any) -> Any:
        self.conflicts.append(Conflict(path, ours, ours, said))
        return ours


def needed(ours: Data, data: Data) -> tuple[Data, list[Conflict]]:
    """Put back what is not in the data any more and still named there, as a conflict."""
    named = {
        (_LISTED[key], one)
        for _, entry in entries(data)
        for key, one in entry.items()
        if key in _LISTED
    }
    kept: dict[str, list[Data]] = {}
    for section in dict.fromkeys(_LISTED.values()):
        there = {one["id"] for one in data.get(section, ())}
        for one in ours.get(section, ()):
            if one["id"] not in there and (section, one["id"]) in named:
                kept.setdefault(section, []).append(one)
    back = {section: [*data.get(section, ()), *some] for section, some in kept.items()}
    conflicts = [
        Conflict((section, one["id"]), one, one, ABSENT)
        for section, some in kept.items()
        for one in some
    ]
    return data | back, conflicts
