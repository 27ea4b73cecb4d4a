"""Texts and tables over pages: broken into lines, as large as they fit, spread evenly if not."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from rse_plan.documents.kit.forms.deck.measure import (
    LINE,
    Span,
    lines,
    longest_word,
    part,
    shortened,
    width,
)
from rse_plan.documents.kit.forms.deck.slides import Paragraph, Run, Runs, Table, Text, text_of

# Sizes of texts and of tables; the largest that fit are taken.
_SIZES = ((20, 16), (18, 16), (16, 14), (14, 14), (14, 12))
GAP = 14
BOX, CELL, CELL_TOP = 12, 6, 4
# How far an item of a list is set in, and the room under a paragraph, as shares of its size.
INDENT, AFTER = 1.2, 0.4
# A paragraph that is longer than so many lines may go on on the next page, after so many.
_WHOLE, _LINES = 6, 3
_LONGEST_HEAD = 4
# How much higher the rows of a table may be than they need.
_STRETCH = 10
_HALVINGS = 8


@dataclass(frozen=True)
class Area:
    """A rectangle, in points."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True)
class Item:
    """A paragraph or the row of a table, its texts broken into lines."""

    cells: tuple[Runs, ...]
    lines: tuple[tuple[Span, ...], ...]
    size: float
    margin: float
    paragraph: Paragraph | None = None

    @property
    def count(self) -> int:
        """How many lines it has."""
        return max(len(one) for one in self.lines)


@dataclass(frozen=True)
class Piece:
    """Some lines of an item."""

    item: Item
    first: int
    last: int

    @property
    def height(self) -> float:
        """How high it is."""
        return (self.last - self.first) * self.item.size * LINE + self.item.margin

    @property
    def cells(self) -> tuple[Runs, ...]:
        """Its texts."""
        item = self.item
        if (self.first, self.last) == (0, item.count):
            return item.cells
        found = (
            (runs, spans[self.first : self.last])
            for runs, spans in zip(item.cells, item.lines, strict=True)
        )
        return tuple(
            part(runs, spans[0][0], spans[-1][1]) if spans else () for runs, spans in found
        )


@dataclass(frozen=True)
class Measured:
    """A text or a table in one size: its items, its columns, and what it takes to open it."""

    block: Text | Table
    size: float
    items: tuple[Item, ...]
    opening: float = 0
    widths: tuple[float, ...] = ()
    right: tuple[bool, ...] = ()
    head: Piece | None = None
    is_cramped: bool = False


@dataclass(frozen=True)
class Portion:
    """What stands on one page of a text or a table; `stretch` is added to each of its rows."""

    of: Measured
    pieces: tuple[Piece, ...]
    stretch: float = 0

    @property
    def rows(self) -> tuple[Piece, ...]:
        """Its pieces, the head of a table first."""
        return (self.of.head, *self.pieces) if self.of.head else self.pieces

    @property
    def height(self) -> float:
        """How high it is."""
        rows = self.rows
        around = 0 if self.of.head else self.of.opening
        return around + sum(piece.height for piece in rows) + self.stretch * len(rows)


def fitting(flow: Sequence[Text | Table], area: Area, wide: float) -> list[Portion] | None:
    """Lay texts and tables out on one page, as large as they fit; None if they do not."""
    for sizes in _SIZES:
        measured = [_measured(block, sizes, area.width, wide) for block in flow]
        if any(one.is_cramped for one in measured):
            continue
        found = _packed(measured, area.height)
        if len(found) == 1 and _height(found[0]) <= area.height:
            return _stretched(found[0], area.height)
    return None


def flowed(flow: Sequence[Text | Table], area: Area, wide: float) -> list[list[Portion]]:
    """Lay texts and tables out on as few pages as their smallest size takes, evenly."""
    if not flow:
        return []
    tried = [[_measured(block, sizes, area.width, wide) for block in flow] for sizes in _SIZES]
    whole = [found for found in tried if not any(one.is_cramped for one in found)] or tried[-1:]
    counts = [len(_packed(found, area.height)) for found in whole]
    fewest = min(counts)
    measured = whole[counts.index(fewest)]
    low, high = 0.0, area.height
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (low, middle) if len(_packed(measured, middle)) == fewest else (middle, high)
    return [_stretched(page, area.height) for page in _packed(measured, high)]


def _packed(measured: Sequence[Measured], height: float) -> list[list[Portion]]:
    """Fill pages one after the other; a page takes at least one piece."""
    found: list[list[Portion]] = [[]]
    used = 0.0
    for one in measured:
        is_open = False
        for item in one.items:
            for piece in _chunks(item):
                page = found[-1]
                opening = 0 if is_open else one.opening + (GAP if page else 0)
                if page and used + opening + piece.height > height:
                    found.append(page := [])
                    used, is_open, opening = 0.0, False, one.opening
                if not is_open:
                    page.append(Portion(one, ()))
                    is_open = True
                pieces = page[-1].pieces
                used += opening + piece.height
                if pieces and pieces[-1].item is item:
                    used -= item.margin
                    pieces = (*pieces[:-1], replace(pieces[-1], last=piece.last))
                else:
                    pieces = (*pieces, piece)
                page[-1] = replace(page[-1], pieces=pieces)
    return found


def _chunks(item: Item) -> list[Piece]:
    """Cut what is long where it may go on on another page."""
    cuts = range(0, item.count - _LINES + 1, _LINES) if item.count > _WHOLE else (0,)
    return [Piece(item, first, last) for first, last in pairwise([*cuts, item.count])]


def _height(page: Sequence[Portion]) -> float:
    """Return how high a page is that is laid out."""
    return sum(one.height for one in page) + GAP * (len(page) - 1)


def _stretched(page: Sequence[Portion], height: float) -> list[Portion]:
    """Let the rows of tables take some of the room that is left."""
    rows = sum(len(one.rows) for one in page if one.of.head)
    rest = height - _height(page)
    stretch = min(max(rest, 0) / rows, _STRETCH) if rows else 0.0
    return [replace(one, stretch=stretch) if one.of.head else one for one in page]


def _measured(block: Text | Table, sizes: tuple[int, int], room: float, wide: float) -> Measured:
    text, table = sizes
    if isinstance(block, Table):
        return _table(block, table, room, wide)
    inner = room - 2 * BOX if block.boxed else room
    items = tuple(_paragraph(one, text, inner, wide) for one in block.paragraphs)
    return Measured(block, text, items, opening=2 * BOX if block.boxed else 0)


def _paragraph(paragraph: Paragraph, size: float, room: float, wide: float) -> Item:
    depth = paragraph.level + (paragraph.number is not None)
    found = lines(paragraph.runs, size * wide, room - depth * INDENT * size)
    return Item((paragraph.runs,), (found,), size, size * AFTER, paragraph)


def _table(table: Table, size: float, room: float, wide: float) -> Measured:
    names = tuple(
        tuple(replace(run, bold=True, italic=False) for run in cell) for cell in table.rows[0]
    )
    found = [names, *table.rows[1:]]
    widths, is_cramped = _widths(found, size * wide, room)
    items = [_row(row, widths, size, wide) for row in found]
    head = items[0]
    if head.count > _LONGEST_HEAD:
        short = (
            (Run(shortened(text_of(cell), size * wide, column - 2 * CELL, _LINES), bold=True),)
            for cell, column in zip(names, widths, strict=True)
        )
        head = _row(tuple(short), widths, size, wide)
    else:
        items = items[1:] or [_row(((),) * len(widths), widths, size, wide)]
    top = Piece(head, 0, head.count)
    return Measured(table, size, tuple(items), top.height, widths, table.right, top, is_cramped)


def _row(cells: tuple[Runs, ...], widths: Sequence[float], size: float, wide: float) -> Item:
    found = tuple(
        lines(cell, size * wide, column - 2 * CELL)
        for cell, column in zip(cells, widths, strict=True)
    )
    return Item(cells, found, size, 2 * CELL_TOP)


def _widths(
    rows: Sequence[tuple[Runs, ...]], size: float, room: float
) -> tuple[tuple[float, ...], bool]:
    """Share the room out by what the columns hold; say also whether words have to be broken."""
    least, wished = [], []
    for column in zip(*rows, strict=True):
        least.append(max(longest_word(cell, size) for cell in column) + 2 * CELL + 1)
        wished.append(max(width(cell, size) for cell in column) + 2 * CELL + 1)
    is_cramped = sum(least) > room
    if is_cramped:
        most = room / len(least)
        least = [min(one, most) for one in least]
    wished = [max(min(one, room), low) for one, low in zip(wished, least, strict=True)]
    if sum(wished) <= room:
        return tuple(one * room / sum(wished) for one in wished), is_cramped
    # A column that asks for less than its share gets it, so that figures and names stay whole.
    for at in sorted(range(len(least)), key=wished.__getitem__):
        if wished[at] <= min(room / len(least), room - sum(least) + least[at]):
            least[at] = wished[at]
    more, rest = sum(wished) - sum(least), room - sum(least)
    found = (low + (one - low) * rest / more for one, low in zip(wished, least, strict=True))
    return tuple(found), is_cramped
