"""What the views of plans have in common: sections, rows of figures, dates in columns."""

from collections.abc import Iterable, Iterator

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from rse_plan.language import Language
from rse_plan.views.lines import Part, line

INDENT = 2
_RED, _GREEN = "red", "green"


def section(title: str, shown: Iterable[RenderableType]) -> Iterator[RenderableType]:
    """Head what is shown, if anything is."""
    shown = list(shown)
    if shown:
        yield line()
        yield line(title.upper(), style="bold")
        yield Padding(Group(*shown), (0, 0, 0, INDENT))


def failed(*parts: Part) -> RenderableType:
    """Mark what does not hold."""
    found = Table.grid(padding=(0, 1, 0, 0))
    found.add_row(line("✗", style=_RED), line(*parts))
    return found


def below(text: str, indent: int = INDENT) -> RenderableType:
    """Set a remark under what it is about."""
    return Padding(line(text, style="dim"), (0, 0, 0, indent))


def more(number: int, language: Language) -> Iterator[RenderableType]:
    """Say how many more there are."""
    if number > 0:
        yield line(language("assess.more", count=number, number=number), style="dim")


def grid() -> Table:
    """Return a table without heads."""
    return Table.grid(padding=(0, 2, 0, 0))


def table(*heads: str, left: int = 1) -> Table:
    """Return a table, its first columns to the left and the others to the right."""
    found = Table(box=None, padding=(0, 2, 0, 0), header_style="dim", pad_edge=False)
    for number, head in enumerate(heads):
        if number < left:
            found.add_column(line(head), overflow="fold")
        else:
            found.add_column(line(head), justify="right", no_wrap=True)
    return found


def shifted(text: str, days: int) -> Text:
    """Colour a number of days: later is red, earlier green."""
    return line(text, style=_RED if days > 0 else _GREEN if days < 0 else "")
