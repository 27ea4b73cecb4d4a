"""Join what people wrote with what is generated: nobody's change is lost, or lost unsaid.

A merge by id is most of it. Around it, what is about something that is gone goes too, what a person
commented on stays, and so does a task that a person put elsewhere.
"""

from collections.abc import Iterator
from typing import Any

from rse_plan.files.splice import by_id
from rse_plan.plan.deletions import Commented, held, needed, without_deleted
from rse_plan.plan.entries import (
    ADDED,
    DATES,
    FOUND,
    GROUPS,
    TASKS,
    TIMED,
    Data,
    dates,
    without_dates,
)
from rse_plan.plan.merge import ABSENT, Conflict, Path, in_order, merged

_MADE_FROM = "made_from"
_SILENT = DATES | {_MADE_FROM}

# A phase or a site: the list in which it stands, and its id.
_Place = tuple[str, str]
# Where a task stands that is not there.
_NOWHERE: tuple[_Place | None, Data] = (None, {})


def joined(
    base: Data | None, ours: Data, theirs: Data, commented: Commented
) -> tuple[Data, list[Conflict]]:
    """Return ours with what changed from base to theirs, and the conflicts, where ours stayed.

    Without a base nobody knows who changed what: ours stays, and every difference is a conflict.
    """
    if base is None:
        return ours, [*_differences((), ours, theirs)]
    drafted = {key: said for key, said in base.items() if key != ADDED}
    before, now, moved = _aligned(_undated(drafted, ours), ours, theirs, commented)
    data, conflicts = merged(before, ours, now, _SILENT)
    data, stayed = held(ours, data, commented)
    data, named = held(ours, without_deleted(data, base), commented)
    data, named_still = needed(ours, data)
    found = {one.path: one for one in (*moved, *conflicts, *stayed, *named, *named_still)}
    return _as_in_file(ours, data), [*found.values()]


def _differences(path: Path, ours: Any, theirs: Any) -> Iterator[Conflict]:
    if ours == theirs:
        return
    sides = (ours, theirs)
    if all(isinstance(side, list) for side in sides):
        sides = by_id(ours), by_id(theirs)
    if isinstance(sides[0], dict) and isinstance(sides[1], dict):
        here, there = sides
        for name in {**here, **there}:
            is_filled_in = name in DATES and (name in here) != (name in there)
            if name not in FOUND and name != _MADE_FROM and not is_filled_in:
                one, other = here.get(name, ABSENT), there.get(name, ABSENT)
                yield from _differences((*path, name), one, other)
    else:
        yield Conflict(path, ABSENT, ours, theirs)


def _as_in_file(ours: Any, said: Any) -> Any:
    """Return data with its entries in our order, as the file will have them."""
    if isinstance(ours, dict) and isinstance(said, dict):
        return {name: _as_in_file(ours.get(name), one) for name, one in said.items()}
    if isinstance(ours, list) and isinstance(said, list):
        here, there = by_id(ours), by_id(said)
        if here is not None and there is not None:
            names = in_order(here, there)
            return [_as_in_file(here.get(name), there[name]) for name in names if name in there]
    return said


def _undated(base: Data, ours: Data) -> Data:
    """Forget dates that people deleted, so that the scheduler fills them in again."""
    here = {where: entry.keys() for where, entry in dates(ours).items()}
    gone = {
        where: entry.keys() - here.get(where, set())
        for where, entry in dates(base).items()
        if where[0] in TIMED
    }
    return without_dates(base, gone)


# ── Tasks that stand elsewhere ────────────────────────────────────────────────────────────────────


def _aligned(
    base: Data, ours: Data, theirs: Data, commented: Commented
) -> tuple[Data, Data, list[Conflict]]:
    """Put base and theirs of each task where people have it, unless it goes where theirs has it."""
    was, now = _places(base), _places(theirs)
    conflicts = []
    for name, (here, task) in _places(ours).items():
        was_at, said = was.get(name, _NOWHERE)
        is_at = now.get(name, _NOWHERE)[0]
        path = (*here, TASKS, name)
        if is_at is None and was_at not in {None, here}:
            conflicts.append(Conflict(path, said, task, ABSENT))
        if is_at in {None, here} or (was_at == here and task == said and not commented(path)):
            continue
        if is_at != was_at:
            before = was_at[1] if was_at else ABSENT
            conflicts.append(Conflict((*path, "phase"), before, here[1], is_at[1]))
        is_dropped = _has(base, here) and not _has(theirs, here)
        there = None if is_dropped else here
        base, theirs = _moved(base, name, there), _moved(theirs, name, there)
    # What people deleted does not come back in another place.
    deleted = {name: place for name, (place, _) in was.items() if name not in _places(ours)}
    for name, was_at in deleted.items():
        is_at = now.get(name, _NOWHERE)[0]
        if is_at and is_at != was_at:
            field = (*is_at, TASKS, name, "phase")
            conflicts.append(Conflict(field, was_at[1], ABSENT, is_at[1]))
            theirs = _moved(theirs, name, was_at if _has(theirs, was_at) else None)
    return base, theirs, conflicts


def _places(data: Data) -> dict[str, tuple[_Place, Data]]:
    """Say of each task in which phase or site it stands."""
    return {
        task["id"]: ((section, group["id"]), task)
        for section in GROUPS
        for group in data.get(section, ())
        for task in group.get(TASKS, ())
    }


def _has(data: Data, place: _Place) -> bool:
    return any(group["id"] == place[1] for group in data.get(place[0], ()))


def _moved(data: Data, name: str, to: _Place | None) -> Data:
    """Return the data with a task in another place, or in none."""
    task = next((entry for other, (_, entry) in _places(data).items() if other == name), None)
    if task is None:
        return data
    sections = {
        section: [
            {**group, TASKS: [one for one in group.get(TASKS, ()) if one["id"] != name]}
            for group in data.get(section, ())
        ]
        for section in GROUPS
    }
    if to:
        section, group_id = to
        if not _has(data, to):
            sections[section].append({"id": group_id, TASKS: []})
        for group in sections[section]:
            if group["id"] == group_id:
                group[TASKS].append(task)
    return {**data, **sections}
