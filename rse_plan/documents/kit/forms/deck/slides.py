"""What a deck says, read from Markdown: slides of texts, boxes, tables and charts.

Everything is taken from the tokens of a CommonMark reader without HTML, so that what a person wrote
stays text.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import groupby, zip_longest

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from rse_plan.documents.kit.manuscript import chart_of
from rse_plan.documents.kit.marks import Chart

_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_BLANKS = re.compile(r"[ \t\r\n]+")
_SLIDES = ("h1", "h2")


@dataclass(frozen=True)
class Run:
    """A piece of text in one style."""

    text: str
    bold: bool = False
    italic: bool = False


Runs = tuple[Run, ...]


@dataclass(frozen=True)
class Paragraph:
    """A paragraph, or an item of a list: its number, 0 for a bullet, and how deep it stands."""

    runs: Runs
    number: int | None = None
    level: int = 0


@dataclass(frozen=True)
class Text:
    """Paragraphs, in a box where they were a quotation."""

    paragraphs: tuple[Paragraph, ...]
    boxed: bool = False


@dataclass(frozen=True)
class Table:
    """Rows, the first of them the head, and which columns are aligned to the right."""

    rows: tuple[tuple[Runs, ...], ...]
    right: tuple[bool, ...]


@dataclass(frozen=True)
class Picture:
    """A chart, and what the document says instead of it."""

    chart: Chart
    alt: str


Block = Text | Table | Picture


@dataclass(frozen=True)
class Slide:
    """A finding and what it rests on; the first slide of a deck is its cover."""

    title: str
    blocks: tuple[Block, ...] = ()
    is_cover: bool = False


def slides(markdown: str, charts: Mapping[str, Chart]) -> list[Slide]:
    """Read the slides of a deck: its cover at the first level, the others at the second."""
    found = [Slide("", is_cover=True)]
    for node in SyntaxTreeNode(_reader().parse(plain(markdown))).children:
        if node.type == "heading" and node.tag in _SLIDES:
            title = line_of(text_of(_runs(node)))
            found.append(Slide(title, is_cover=node.tag == "h1"))
        else:
            added = [*_blocks(node, charts)]
            kept = (
                block
                for block, below in zip_longest(added, added[1:])
                if not _is_title(block, below)
            )
            found[-1] = replace(found[-1], blocks=(*found[-1].blocks, *kept))
    said = [one for one in found if one.title or one.blocks] or found
    return [replace(one, blocks=_joined(one.blocks)) for one in said]


def plain(text: str) -> str:
    """Write out by its number what XML cannot hold."""
    return _NOT_IN_XML.sub(lambda found: f"U+{ord(found[0]):04X}", text)


def line_of(text: str) -> str:
    """Put a text on one line, its no-break spaces as they are."""
    return _BLANKS.sub(" ", plain(text)).strip(" ")


def text_of(runs: Sequence[Run]) -> str:
    """Return the text of runs without their styles."""
    return "".join(run.text for run in runs)


@cache
def _reader() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable("table")


def _blocks(node: SyntaxTreeNode, charts: Mapping[str, Chart]) -> Iterator[Block]:
    """Give what a node of the document becomes; quotations and lists hold other nodes."""
    if node.type == "table":
        yield _table(node)
    elif node.type == "blockquote":
        for one in _joined(block for child in node.children for block in _blocks(child, charts)):
            yield replace(one, boxed=True) if isinstance(one, Text) else one
    elif node.type in {"bullet_list", "ordered_list"}:
        first = int(node.attrs.get("start", 1)) if node.type == "ordered_list" else None
        for at, item in enumerate(node.children):
            yield from _item(item, None if first is None else first + at, charts)
    elif node.type in {"fence", "code_block"}:
        yield Text(tuple(Paragraph((Run(line),)) for line in node.content.splitlines()))
    elif node.type == "heading":
        yield Text((Paragraph(tuple(replace(run, bold=True) for run in _runs(node))),))
    elif node.type == "paragraph":
        yield from _paragraph(node, charts)


def _item(item: SyntaxTreeNode, number: int | None, charts: Mapping[str, Chart]) -> Iterator[Block]:
    """Give the blocks of an item of a list; its first paragraph has the mark."""
    is_first = True
    for child in item.children:
        depth = 0 if child.type == "paragraph" else 1
        for block in _blocks(child, charts):
            if isinstance(block, Text):
                paragraphs = [
                    replace(one, level=one.level + depth if one.number is not None else depth)
                    for one in block.paragraphs
                ]
                if is_first and child.type == "paragraph":
                    paragraphs[0] = replace(paragraphs[0], number=number or 0)
                    is_first = False
                yield replace(block, paragraphs=tuple(paragraphs))
            else:
                yield block


def _paragraph(node: SyntaxTreeNode, charts: Mapping[str, Chart]) -> Iterator[Block]:
    """Give the text of a paragraph and the charts that stand in it."""
    (inline,) = node.children
    for chart, group in groupby(inline.children, key=lambda child: _chart(child, charts)):
        if chart:
            yield from (Picture(chart, child.content) for child in group)
            continue
        runs = _trimmed(run for child in group for run in _run(child))
        if text_of(runs).strip():
            yield Text((Paragraph(runs),))


def _chart(node: SyntaxTreeNode, charts: Mapping[str, Chart]) -> Chart | None:
    """Return the chart that an image stands for."""
    name = chart_of(str(node.attrs.get("src", ""))) if node.type == "image" else None
    return charts.get(name or "")


def _is_title(block: Block, below: Block | None) -> bool:
    """Say whether a text is the title of the chart below it, which a native chart has itself."""
    return (
        isinstance(below, Picture)
        and isinstance(block, Text)
        and [text_of(one.runs).strip() for one in block.paragraphs] == [below.chart.title]
    )


def _table(node: SyntaxTreeNode) -> Table:
    rows = [row for part in node.children for row in part.children]
    right = tuple("right" in str(cell.attrs.get("style", "")) for cell in rows[0].children)
    return Table(tuple(tuple(_runs(cell) for cell in row.children) for row in rows), right)


def _runs(node: SyntaxTreeNode) -> Runs:
    return _trimmed(run for inline in node.children for one in inline.children for run in _run(one))


def _run(node: SyntaxTreeNode) -> Iterator[Run]:
    """Give the text of an inline node, with the address of a link after its words."""
    if node.type == "softbreak":
        yield Run(" ")
    elif node.type == "hardbreak":
        yield Run("\n")
    elif node.children and node.type != "image":
        found = [run for child in node.children for run in _run(child)]
        for run in found:
            bold, italic = run.bold or node.type == "strong", run.italic or node.type == "em"
            yield replace(run, bold=bold, italic=italic)
        address = str(node.attrs.get("href", ""))
        if address and address != text_of(found):
            yield Run(f" ({address})")
    elif node.content:
        yield Run(node.content)


def _trimmed(runs: Iterator[Run]) -> Runs:
    """Join runs of one style, and leave out those without text."""
    styles = groupby(runs, key=lambda run: (run.bold, run.italic))
    joined = (Run(text_of([*group]), bold, italic) for (bold, italic), group in styles)
    return tuple(run for run in joined if run.text)


def _joined(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """Put texts that follow each other into one, boxes into one box."""
    found: list[Block] = []
    for block in blocks:
        last = found[-1] if found else None
        if isinstance(block, Text) and isinstance(last, Text) and block.boxed == last.boxed:
            found[-1] = replace(last, paragraphs=last.paragraphs + block.paragraphs)
        else:
            found.append(block)
    return tuple(found)
