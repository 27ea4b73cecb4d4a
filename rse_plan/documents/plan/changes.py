"""What of an update is shown: what moves, what comes and goes, how far it is from the baseline."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Literal

from rse_plan.plan.entries import timed
from rse_plan.plan.model import Phase, Plan
from rse_plan.plan.report import Figures, Move, PlanChanges
from rse_plan.plan.timetable import Span, stated_spans, timetable


@dataclass(frozen=True)
class Shift:
    """A first or last day that moves, from when to when; without a title, that of the whole."""

    title: str
    phase: str | None
    of: Literal["starts", "ends"]
    before: date
    after: date

    @property
    def days(self) -> int:
        """By how many days it is later; fewer than none when it is earlier."""
        return (self.after - self.before).days


class Changes:
    """Choose what to show of an update."""

    def __init__(self, changes: PlanChanges) -> None:
        """Choose from one update."""
        self.changes = changes
        self.report = changes.report
        self.plan: Plan = self.report.plan

    @cached_property
    def before(self) -> Figures | None:
        """The figures of the plan before; None where it lacks dates."""
        table = timetable(self.changes.before)
        schedule = table.schedule()
        return None if schedule is None else Figures.of(table, schedule)

    @cached_property
    def moved(self) -> tuple[Shift, ...]:
        """What moves: first the gates and launches, which were announced, the furthest first."""
        announced = set[str]()
        for plan in (self.changes.before, self.plan):
            announced |= {gate.id for gate in plan.gates}
            announced |= {one.task.id for one in plan.placed if one.task.launches}
        first = [move for move in self.changes.moves if move.id in announced]
        others = [move for move in self.changes.moves if move.id not in announced]
        return (*_furthest(first), *_furthest(others))

    @cached_property
    def new(self) -> tuple[Move, ...]:
        """What is new."""
        return tuple(move for move in self.changes.moves if move.before is None)

    @cached_property
    def gone(self) -> tuple[Move, ...]:
        """What is gone."""
        return tuple(move for move in self.changes.moves if move.after is None)

    @cached_property
    def left_aside(self) -> int:
        """How many tasks and gates the generator would make again that people deleted.

        What is deleted against a change of the generator's is among the conflicts instead.
        """
        updated = self.changes.updated
        deleted = timed(updated.base).keys() - timed(updated.data).keys()
        return len(deleted.difference(one.path[-1] for one in updated.conflicts if one.path))

    @cached_property
    def drift(self) -> tuple[Shift, ...]:
        """By how much phases, and all of it, end off the baseline, the latest first."""
        return tuple(sorted(self._drift(), key=lambda one: -one.days))

    def _drift(self) -> Iterator[Shift]:
        now, was = stated_spans(self.plan), self.changes.baseline
        everything = {name for name in now if name in was}
        for phase in self.plan.phases:
            names = [one.task.id for one in self.plan.placed if one.phase == phase.id]
            names += [phase.gate.id] if phase.gate else []
            yield from _ends(phase, [name for name in names if name in everything], was, now)
        yield from _ends(None, [*everything], was, now)

    @cached_property
    def worst(self) -> tuple[Shift, ...]:
        """What is off the baseline, the latest first."""
        return tuple(sorted(_shifts(self.changes.deviations), key=lambda one: -one.days))


def _ends(
    phase: Phase | None, names: Sequence[str], was: Mapping[str, Span], now: Mapping[str, Span]
) -> Iterator[Shift]:
    """Compare the last ends of what is both in the baseline and in the plan."""
    if names:
        before, after = (max(spans[name].end for name in names) for spans in (was, now))
        if before != after:
            name, title = (phase.id, phase.name) if phase else (None, "")
            yield Shift(title, name, "ends", before, after)


def _furthest(moves: Iterable[Move]) -> list[Shift]:
    return sorted(_shifts(moves), key=lambda one: -abs(one.days))


def _shifts(moves: Iterable[Move]) -> Iterator[Shift]:
    """Take the start of what moves, or its end where only that moves."""
    for move in moves:
        if move.before and move.after:
            if move.before.start != move.after.start:
                yield Shift(move.title, None, "starts", move.before.start, move.after.start)
            else:
                yield Shift(move.title, None, "ends", move.before.end, move.after.end)
