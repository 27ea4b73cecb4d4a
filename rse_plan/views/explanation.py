"""An explanation on a terminal."""

from collections.abc import Iterable, Iterator

from rich.console import Group, RenderableType
from rich.padding import Padding

from rse_plan.documents.explanation import Entries, Explanation
from rse_plan.language import Language
from rse_plan.views.lines import line


def explanation_view(found: Explanation, language: Language) -> RenderableType:
    """Show a title, its paragraphs, its examples, its lists and its sources."""
    return Group(*_parts(found, language))


def index_view(index: Iterable[tuple[str, Entries]]) -> RenderableType:
    """Show every id by kind."""
    return Group(*(part for kind, entries in index for part in _listed(kind, entries)))


def _parts(found: Explanation, language: Language) -> Iterator[RenderableType]:
    yield line((found.title, "bold"), " ", (f"[{found.identifier}]", "dim"))
    yield line(found.kind, style="dim")
    for label, text in found.paragraphs:
        yield line()
        yield line(label, style="bold")
        # An address that is broken cannot be copied.
        whole = text.startswith("http")
        shown = line(text)
        shown.no_wrap, shown.overflow = whole, "ignore" if whole else "fold"
        yield Padding(shown, (0, 0, 0, 2))
    for label, text in found.examples:
        yield line()
        yield line(label, style="bold")
        yield from map(_code, text.split("\n"))
    for label, entries in found.lists:
        yield from _listed(label, entries)
    if found.sources:
        yield from _listed(language("explain.sources"), found.sources)


def _code(text: str) -> RenderableType:
    """Show a line as it has to be written: never wrapped, nor cut."""
    shown = line(text, style="dim" if text.startswith("# ") else "")
    shown.no_wrap, shown.overflow = True, "ignore"
    return Padding(shown, (0, 0, 0, 4))


def _listed(label: str, entries: Entries) -> Iterator[RenderableType]:
    yield line()
    yield line(label, style="bold")
    for identifier, name in entries:
        yield Padding(line(name, " ", (f"[{identifier}]", "dim")), (0, 0, 0, 2))
