"""What an update changes in a plan, on a terminal: first what people have to settle."""

from collections.abc import Iterator, Sequence
from itertools import islice

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult

from rse_plan.documents.plan.changes import Changes, Shift
from rse_plan.documents.plan.conflicts import ConflictWording
from rse_plan.documents.plan.wording import PlanWording
from rse_plan.language import Language
from rse_plan.plan.report import Move, PlanChanges
from rse_plan.views.lines import line
from rse_plan.views.plan.parts import below, failed, more, section, shifted, table

_MOST_CONFLICTS = 20
_MOST = 12
_MOST_WORST = 5


class ChangesView:
    """Show one update."""

    def __init__(self, changes: PlanChanges, language: Language) -> None:
        """Show one update in one language."""
        self.changes = changes
        self.say = language
        self.found = Changes(changes)
        self.words = PlanWording(self.found.report.made, language)
        self.conflicts = ConflictWording(changes.updated, language)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Lay out for any width."""
        yield Group(*self._parts())

    def _parts(self) -> Iterator[RenderableType]:
        name = self.found.plan.organisation
        yield line(self.say("plan_view.changes.title", organisation=name), style="bold")
        for name, shown in (
            ("conflicts", self._conflicts()),
            ("figures", self._figures()),
            ("moved", self._moved()),
            ("new", self._listed(self.found.new)),
            ("gone", self._listed(self.found.gone)),
            ("baseline", self._baseline()),
        ):
            yield from section(self.say(f"plan_view.changes.{name}"), shown)
        missed = self.found.report.missed
        yield from section(
            self.say("plan_view.broken"),
            [failed(self.words.missed(one)) for one in missed],
        )
        if self.found.left_aside:
            yield line()
            yield line(self.words.count("plan_view.changes.left_aside", self.found.left_aside))
        if not self.changes.moves:
            yield line()
            yield line(self.say("plan_view.changes.nothing"))

    def _conflicts(self) -> Iterator[RenderableType]:
        found = self.changes.updated.conflicts
        for one in islice(found, _MOST_CONFLICTS):
            where, path = self.conflicts.where(one), self.conflicts.path(one)
            yield failed(where, " ", (f"[{path}]", "dim"))
            yield below(self.conflicts.sides_of(one))
        yield from more(len(found) - _MOST_CONFLICTS, self.say)

    def _figures(self) -> Iterator[RenderableType]:
        before, after = self.found.before, self.found.report.figures
        if before is None:
            return
        heads = ("", *self.words.columns("was", "now", "days"))
        found = table(*heads)
        for name, was, now in (
            ("reach", before.reach, after.reach),
            ("critical-mass", before.critical_mass, after.critical_mass),
            ("end", before.end, after.end),
        ):
            days = (now - was).days
            said = [line(self.words.day(day)) for day in (was, now)]
            title = line(self.words.figure(name))
            found.add_row(title, *said, shifted(self.words.shift(days), days))
        yield found
        if search := self.found.report.search:
            yield from map(line, self.words.search(search, after, len(self.found.report.missed)))

    def _moved(self) -> Iterator[RenderableType]:
        if self.found.moved:
            yield line(self.words.moves(self.found.moved))
            yield from self._shifts(self.found.moved, _MOST)

    def _shifts(self, shifts: Sequence[Shift], most: int) -> Iterator[RenderableType]:
        found = table("", *self.words.columns("was", "now", "days"))
        for one in shifts[:most]:
            days = [line(self.words.day(day)) for day in (one.before, one.after)]
            shift = shifted(self.words.shift(one.days), one.days)
            found.add_row(line(self.words.shifted(one)), *days, shift)
        yield found
        yield from more(len(shifts) - most, self.say)

    def _listed(self, moves: Sequence[Move]) -> Iterator[RenderableType]:
        for move in moves[:_MOST]:
            span = move.after or move.before
            yield line(move.title, (f"  {self.words.period(span)}" if span else "", "dim"))
        yield from more(len(moves) - _MOST, self.say)

    def _baseline(self) -> Iterator[RenderableType]:
        if not self.changes.baseline:
            return
        if not self.found.worst:
            yield line(self.say("plan_view.changes.no_drift"))
            return
        if self.found.drift:
            yield from self._shifts(self.found.drift, len(self.found.drift))
        yield from self._shifts(self.found.worst, _MOST_WORST)
