"""The next plan: what people wrote, with what the generator says now, and new dates around both.

Three versions are joined: what was generated last time, what stands in the file now, and what is
generated now. What people changed stays; where the generator changed the same thing, both values
are listed and theirs stays. Work that is done is not moved, a date that somebody chose is gone by,
and nothing is moved earlier than it was announced unless `replan` asks for it.
"""

from collections.abc import Container, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date

from rse_plan.plan.dating import trimmed
from rse_plan.plan.deletions import Commented, without_deleted
from rse_plan.plan.entries import (
    ADDED,
    DATES,
    FOUND,
    TIMED,
    Data,
    Where,
    dates,
    entries,
    noted_dates,
    with_dates,
    without_dates,
)
from rse_plan.plan.generation import FIRST, Effort, Generated, scheduled
from rse_plan.plan.joining import joined
from rse_plan.plan.merge import Conflict
from rse_plan.plan.model import Plan
from rse_plan.plan.record import named, plain
from rse_plan.plan.timetable import Chosen, timetable

_Edited = Mapping[Where, set[str]]


@dataclass(frozen=True)
class Updated:
    """The next plan as data, what people and generator disagree on, and what was generated."""

    data: Data
    conflicts: tuple[Conflict, ...]
    base: Data
    generated: Generated


def update(
    ours: Data,
    base: Data | None,
    draft: Plan,
    commented: Commented = lambda _: False,
    *,
    replan: bool = False,
    effort: Effort = FIRST,
) -> Updated:
    """Bring a plan that people edited up to a new draft, which was made by its settings.

    `ours` is what the file says and `base` what was generated when it was last written; without
    it, every difference counts as somebody's edit. What is `commented` on is not deleted.
    """
    settings = {"settings": ours["settings"]}
    before = base or {}
    was = dates(before) | noted_dates(before)
    edited = _edited(ours, was, DATES if base else DATES - FOUND)
    data, _ = joined(base, ours, with_dates(plain(draft) | settings, was), commented)
    plan = Plan.model_validate(data)
    floor = {} if replan else _announced(plan)
    found = scheduled(timetable(plan, _chosen(ours, edited), floor), effort)
    now = dates(plain(found.plan))

    drafted = plain(trimmed(draft, found.plan)) | settings
    own = dict(entries(data))
    for where, _ in entries(drafted):
        own.pop(where, None)
    said = _as_generated(now, was, edited, own)
    theirs = with_dates(drafted, said)
    data, conflicts = joined(base, ours, theirs, commented)
    generation = named(theirs | _added(own, said))
    data = with_dates(data, _to_fill_in(now, was, edited, ours))
    data["made_from"] = generation["made_from"]
    return Updated(data, tuple(conflicts), generation, found)


def tidied(ours: Data, base: Data | None) -> Data:
    """Return what people wrote without what an update mends by itself.

    What speaks of something that they deleted goes, and so do ends that only follow their starts.
    """
    before = base or {}
    edited = _edited(ours, dates(before) | noted_dates(before))
    following = {
        where: {"end"}
        for where, keys in edited.items()
        if where[0] in TIMED and "start" in keys and "end" not in keys
    }
    return without_dates(without_deleted(ours, before), following)


def _edited(ours: Data, was: Mapping[Where, Data], keys: AbstractSet[str] = DATES) -> _Edited:
    """Find the dates that somebody wrote: those that are not of the last generation."""
    return {
        where: {key for key in keys & written.keys() if was.get(where, {}).get(key) != written[key]}
        for where, written in dates(ours).items()
    }


def _chosen(ours: Data, edited: _Edited) -> dict[str, Chosen]:
    """Return the days of tasks and gates that somebody chose; with an end, its start is too."""
    found = {}
    for (key, name), entry in entries(ours):
        if key in TIMED and (keys := edited.get((key, name))):
            start, end = entry.get("date", entry.get("start")), entry.get("end")
            found[name] = Chosen(_day(start), _day(end) if "end" in keys else None)
    return found


def _day(written: str | None) -> date | None:
    return None if written is None else date.fromisoformat(written)


def _announced(plan: Plan) -> dict[str, date]:
    """Return the first day of everything that has one, and does not have to follow something soon.

    What has to would hold back what it follows.
    """
    days = {
        placed.task.id: placed.task.start
        for placed in plan.placed
        if all(lag.most_days is None for lag in placed.task.lags)
    }
    days |= {gate.id: gate.date for gate in plan.gates}
    return {name: day for name, day in days.items() if day}


def _as_generated(
    now: Mapping[Where, Data], was: Mapping[Where, Data], edited: _Edited, own: Container[Where]
) -> dict[Where, Data]:
    """Return the dates that count as generated: not those that somebody chose, but what was."""
    found = {}
    for where, days in now.items():
        kept = edited.get(where, set()) if where[0] in TIMED or where in own else set()
        before = {key: day for key, day in was.get(where, {}).items() if key in kept}
        found[where] = {key: day for key, day in days.items() if key not in kept} | before
    return found


def _to_fill_in(
    now: Mapping[Where, Data], was: Mapping[Where, Data], edited: _Edited, ours: Data
) -> dict[Where, Data]:
    """Return the dates to write: where nobody wrote one, or deleted one that only follows."""
    written = dates(ours)
    found = {}
    for where, days in now.items():
        deleted = was.get(where, {}).keys() - written.get(where, {}).keys()
        kept = edited.get(where, set()) | (set() if where[0] in TIMED else deleted)
        found[where] = {key: day for key, day in days.items() if key not in kept}
    return found


def _added(own: Mapping[Where, Data], said: Mapping[Where, Data]) -> Data:
    """Note the dates of what people added, so that only they count as theirs, and its waits."""
    added: dict[str, Data] = {}
    for where, entry in own.items():
        key, name = where
        if key in TIMED or where in said:
            waits = {"after": entry["after"]} if "after" in entry else {}
            added.setdefault(key, {})[name] = said.get(where, {}) | waits
    return {ADDED: added} if added else {}
