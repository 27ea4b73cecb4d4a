"""A plan on a terminal, the conclusion first, so that a project lead can go through it."""

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import groupby, islice

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from rse_plan.documents.plan.selection import Opening, Selection, Skipped, Step
from rse_plan.documents.plan.timeline import (
    GATE,
    IDLE,
    LATE,
    LAUNCH,
    LEVELS,
    OVER,
    PLANNED,
    WAVE,
    Axis,
)
from rse_plan.documents.plan.wording import PlanWording
from rse_plan.language import Language
from rse_plan.plan.model import Plan
from rse_plan.plan.report import PlanReport
from rse_plan.views.lines import line
from rse_plan.views.plan.parts import INDENT, below, failed, grid, more, section, table

MOST = 5
_MOST_DUE = 8
_GAP = 2
_DEEPER = 4
_NARROW, _WIDE = 22, 30
_WIDE_ENOUGH = 96
_LEAST_AXIS = 12
_FIGURES = 18
_TIMELINE = {
    PLANNED: "cyan", LATE: "cyan dim", GATE: "bold yellow", WAVE: "dim", LAUNCH: "bold green",
}  # fmt: skip
_LOAD = {IDLE: "dim", OVER: "bold red", LEVELS[-1]: "yellow", **dict.fromkeys(LEVELS[:-1], "green")}


class PlanView:
    """Show one plan as wide as the terminal."""

    def __init__(self, report: PlanReport, language: Language) -> None:
        """Show one report in one language."""
        self.report = report
        self.say = language
        self.plan: Plan = report.plan
        self.shown = Selection(report)
        self.words = PlanWording(report.made, language)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Lay out for the width there is."""
        yield Group(*self._parts(options.max_width))

    def _parts(self, width: int) -> Iterator[RenderableType]:
        yield from self._head()
        for name, shown in (
            ("broken", self._broken()),
            ("timeline", self._timeline(width)),
            ("phases", self._phases()),
            ("waves", self._waves()),
            ("load", self._load(width)),
            ("chain", self._chain()),
            ("decisions", self._decisions()),
            ("legal", self._legal()),
            ("assumed", self._assumed()),
        ):
            yield from section(self.say(f"plan_view.{name}"), shown)
        yield line()
        yield line(self.say("plan_view.rest"), style="dim")

    def _head(self) -> Iterator[RenderableType]:
        say, plan, figures = self.say, self.plan, self.report.figures
        yield line(say("plan_view.title", organisation=plan.organisation), style="bold")
        yield line(self.words.made_from(self.shown.span, self.report.playbook), style="dim")
        if plan.invented:
            yield line(say("assess.invented"), style="bold yellow")
        yield line()
        found = grid()
        if self.shown.openings:
            reach, half = say.date(figures.reach), say.date(figures.critical_mass)
            said = say("plan_view.reach_line", reach=reach, half=half)
            found.add_row(line(say("plan_view.reach"), style="bold"), line(said))
        end = say("plan_view.end_line", end=say.date(figures.end))
        found.add_row(line(say("plan_view.end"), style="bold"), line(end))
        if forecast := self.words.forecast():
            found.add_row("", line(forecast, style="dim"))
        if search := self.report.search:
            gained, left = self.words.search(search, figures, len(self.report.missed))
            found.add_row(line(say("plan_view.search"), style="bold"), line(gained))
            found.add_row("", line(left, style="dim"))
        size = self.words.size(self.shown.headcount)
        found.add_row(line(say("plan_view.size"), style="bold"), line(size))
        if plan.wishes:
            kept = self.words.announced(len(self.report.missed))
            style = "bold red" if self.report.missed else "green"
            found.add_row(line(say("plan_view.announced"), style="bold"), line(kept, style=style))
        yield found

    def _broken(self) -> Iterator[RenderableType]:
        beyond = self.shown.beyond_mending
        for place, one in enumerate(islice(self.report.missed, MOST)):
            yield failed(self.words.missed(one))
            # What leads to the first leads to the others too.
            if why := self.words.missed_why(one, mends=one not in beyond, chain=not place):
                yield below(why)
        yield from more(len(self.report.missed) - MOST, self.say)
        if beyond:
            yield line(self.words.no_mend(any_has=len(beyond) < len(self.report.missed)))
        for unmet in islice(self.shown.unmet, MOST):
            yield failed(self.words.unmet(unmet))
        yield from more(len(self.shown.unmet) - MOST, self.say)

    def _timeline(self, width: int) -> Iterator[RenderableType]:
        labels = _WIDE if width >= _WIDE_ENOUGH else _NARROW
        axis = Axis.of(self.plan, max(_LEAST_AXIS, width - INDENT - labels - _GAP))
        found = Table.grid(padding=(0, _GAP, 0, 0))
        found.add_column(width=labels, no_wrap=True, overflow="ellipsis")
        found.add_column(width=axis.width, no_wrap=True, overflow="crop")
        for head in axis.heads(self.say):
            found.add_row("", line(head, style="dim"))
        for phase in self.plan.phases:
            found.add_row(line(phase.name), _drawn(axis.phase(phase), _TIMELINE))
        for opening in self.shown.openings:
            drawn = axis.wave(opening.wave, opening.launches)
            found.add_row(line(opening.wave.name), _drawn(drawn, _TIMELINE))
        if self.plan.phases:
            yield found
            yield line(self.say("plan_view.legend"), style="dim")

    def _phases(self) -> Iterator[RenderableType]:
        found = table(*self.words.columns("phase", "start", "end", "p50", "p80"))
        for row in self.shown.rows:
            if row.is_gate:
                name = line(self.say("plan_view.gate", name=row.name), style="yellow")
                found.add_row(Padding(name, (0, 0, 0, 2)), "", line(self.words.day(row.end)))
            else:
                days = (row.start, row.end, row.p50, row.p80)
                found.add_row(line(row.name), *(line(self.words.day(day)) for day in days))
        if self.shown.rows:
            yield found

    def _waves(self) -> Iterator[RenderableType]:
        heads = ("wave", "sites", "headcount", "first", "last", "reached")
        found = table(*self.words.columns(*heads))
        for opening in self.shown.openings:
            found.add_row(*self._wave(opening))
        if self.shown.openings:
            yield found
            yield line(self.say("plan_view.waves_note"), style="dim")

    def _wave(self, opening: Opening) -> Iterator[Text]:
        wave = opening.wave
        yield line(wave.name)
        yield line(self.say.number(len(wave.sites)))
        yield line(self.words.number(wave.headcount))
        yield line(self.words.day(wave.start))
        yield line(self.words.day(wave.end))
        yield line(self.words.share(opening.reached))

    def _load(self, width: int) -> Iterator[RenderableType]:
        if not self.shown.loads:
            return
        labels = _WIDE if width >= _WIDE_ENOUGH else _NARROW
        drawn = max(_LEAST_AXIS, width - INDENT - labels - _GAP - _FIGURES - _GAP)
        axis = Axis.of(self.plan, drawn)
        found = Table.grid(padding=(0, _GAP, 0, 0))
        found.add_column(width=labels, no_wrap=True, overflow="ellipsis")
        found.add_column(width=axis.width, no_wrap=True, overflow="crop")
        found.add_column(justify="right", no_wrap=True)
        found.add_column(justify="right", no_wrap=True)
        years, months = axis.heads(self.say)
        found.add_row("", line(years, style="dim"))
        heads = (line(head, style="dim") for head in self.words.columns("peak", "mean"))
        found.add_row("", line(months, style="dim"), *heads)
        for load in self.shown.loads:
            found.add_row(
                line(self.words.role(load.role)),
                _drawn(axis.load(load.weeks), _LOAD),
                line(self.words.share(load.peak)),
                line(self.words.share(load.mean)),
            )
        yield found
        yield line(self.say("plan_view.load_note"), style="dim")
        yield from self._staffing()

    def _staffing(self) -> Iterator[RenderableType]:
        first = self.shown.bottleneck
        yield line(self.words.bottleneck(first), style="bold" if first else "")
        if first and (other := self.words.other_staffing(self.shown.others)):
            yield line(other, style="dim")

    def _chain(self) -> Iterator[RenderableType]:
        if not self.shown.chain:
            return
        yield line(self.say("plan_view.chain_note"), style="dim")
        found = grid()
        found.add_column(justify="right", no_wrap=True)
        for step in self.shown.chain:
            found.add_row(*self._step(step))
        yield found

    def _step(self, step: Step | Skipped) -> Iterator[RenderableType]:
        if isinstance(step, Skipped):
            yield ""
            yield line(self.words.skipped(step), style="dim")
            return
        yield line(self.words.day(step.line.span.start), style="dim")
        title = line(self.words.title(step.line))
        if self.words.waits(step):
            yield title
        else:
            yield Group(title, line(self.words.why(step), style="dim"))

    def _due(self, rows: list[tuple[date | None, str]]) -> Iterator[RenderableType]:
        found = grid()
        for day, text in rows[:_MOST_DUE]:
            found.add_row(line(self.words.day(day), style="dim"), line(text))
        if rows:
            yield found
            yield from more(len(rows) - _MOST_DUE, self.say)

    def _decisions(self) -> Iterator[RenderableType]:
        yield from self._due([(one.due, self.words.decision(one)) for one in self.shown.decisions])
        if decided := len(self.plan.decisions) - len(self.shown.decisions):
            yield line(self.words.count("plan_view.decided", decided), style="dim")

    def _legal(self) -> Iterator[RenderableType]:
        steps = self.shown.legal_steps
        yield from self._due([(one.due, self.words.legal_step(one)) for one in steps])
        if others := self.words.legal_others(self.shown.legal_done, self.shown.legal_not_due):
            yield line(others, style="dim")

    def _assumed(self) -> Iterator[RenderableType]:
        for one in islice(self.plan.assumptions, MOST):
            yield line(one.text)
        yield from more(len(self.plan.assumptions) - MOST, self.say)
        if self.shown.unconfirmed:
            yield line(self.words.count("plan_view.confirm", self.shown.unconfirmed))
        for question, names in islice(self.shown.to_confirm.items(), MOST):
            yield below(question)
            yield below(f"→ {self.words.to_confirm(names)}", _DEEPER)
        yield from more(len(self.shown.to_confirm) - MOST, self.say)


def _drawn(cells: str, styles: Mapping[str, str]) -> Text:
    """Colour a row of characters, each of which says by its form what it stands for."""
    runs = (("".join(run), styles.get(mark, "")) for mark, run in groupby(cells))
    return line(*runs)
