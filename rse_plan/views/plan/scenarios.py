"""Scenarios side by side on a terminal: the plan as it is, then with each change."""

from collections.abc import Iterator, Sequence

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.table import Table

from rse_plan.documents.plan.scenarios import ScenarioWording
from rse_plan.language import Language
from rse_plan.plan.report import Scenarios
from rse_plan.views.lines import line
from rse_plan.views.plan.parts import grid

_LABELS, _COLUMN = 26, 16


class ScenariosView:
    """Show scenarios in as many columns as there is room for."""

    def __init__(self, scenarios: Scenarios, language: Language) -> None:
        """Show scenarios in one language."""
        self.say = language
        self.scenarios = scenarios
        self.words = ScenarioWording(scenarios, language)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Lay out for the width there is."""
        yield Group(*self._parts(options.max_width))

    def _parts(self, width: int) -> Iterator[RenderableType]:
        base, *names = self.scenarios.made
        organisation = self.scenarios.made[base].plan.organisation
        yield line(self.say("plan_view.scenarios.title", organisation=organisation), style="bold")
        if self.words.legend:
            yield line()
            yield self._legend()
        room = max(1, (width - _LABELS) // _COLUMN - 1)
        for first in range(0, max(1, len(names)), room):
            yield line()
            yield self._table([base, *names[first : first + room]])
        yield line()
        yield line(self.say("plan_view.scenarios.note"), style="dim")

    def _legend(self) -> Table:
        found = grid()
        for letter, change in self.words.legend:
            found.add_row(line(letter, style="bold"), line(change))
        return found

    def _table(self, names: Sequence[str]) -> Table:
        found = Table(box=None, padding=(0, 2, 0, 0), header_style="bold", pad_edge=False)
        found.add_column("", overflow="fold")
        for name in names:
            found.add_column(line(self.words.head(name)), overflow="fold", justify="right")
        for title, cells in self.words.rows(names):
            found.add_row(line(title), *(line(cell) for cell in cells))
        return found
