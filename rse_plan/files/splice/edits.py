"""The edits of a text that make data out of other data."""

from itertools import pairwise
from typing import Any, NamedTuple

from rse_plan.files.reader import Location
from rse_plan.files.splice.comparison import Shared, same, shared
from rse_plan.files.splice.forms import UNBROKEN, in_brackets, indented, scalar, width_at
from rse_plan.files.splice.page import (
    ALIAS,
    BARE_PAIR,
    BLOCK,
    BLOCK_SCALARS,
    BRACKETS,
    SCALAR_HEADER,
    Node,
    read,
)
from rse_plan.files.writer import WIDTH, written


class SpliceError(Exception):
    """Say where a text has a form in which its data cannot be changed."""

    def __init__(self, path: str, location: Location) -> None:
        self.path, self.location = path, location
        super().__init__(f"{path}: {'.'.join(map(str, location))}")


class _Place(NamedTuple):
    """Where a value stands: under a key, or behind a dash, that begins at a column."""

    location: Location
    column: int
    is_item: bool
    in_brackets: bool


class Splicer:
    """Collect the edits that make data out of other data."""

    def __init__(
        self, path: str, text: str, rewritten: set[Location], *, with_comments: bool
    ) -> None:
        self.path, self.text = path, text
        self.rewritten, self.with_comments = rewritten, with_comments
        self.page, self.root = read(text)
        self.edits: list[tuple[int, int, str]] = []
        # What is said now where an anchor stands.
        self.anchored: dict[str, Any] = {}

    def result(self, old: Any, new: Any) -> str:
        """Return the text, which says `old`, with the edits that make it say `new`."""
        if self.root is None or self.root.is_empty:
            return self.text + self._broken(written(new))
        self._value(self.root, old, new, _Place((), 0, is_item=True, in_brackets=False))
        pieces, done = [], 0
        for start, end, text in sorted(self.edits, key=lambda edit: edit[:2]):
            pieces += [self.text[done:start], text]
            # A blank line can go with the entry above it and with that below it.
            done = max(done, end)
        return "".join([*pieces, self.text[done:]])

    def _edit(self, start: int, end: int, text: str = "") -> None:
        self.edits.append((start, end, self._broken(text)))

    def _broken(self, text: str) -> str:
        return text.replace("\n", self.page.newline)

    def _value(self, node: Node, old: Any, new: Any, place: _Place) -> None:
        if node.style == ALIAS:
            anchor = node.anchor or ""
            if anchor not in self.anchored or not same(self.anchored[anchor], new):
                self._replace(node, new, place)
            return
        if node.anchor:
            self.anchored[node.anchor] = new
        if place.location in self.rewritten:
            self._replace(node, new, place)
        elif found := shared(old, new):
            self._entries(node, found, place)
        elif not same(old, new):
            self._replace(node, new, place)

    def _entries(self, node: Node, found: Shared, place: _Place) -> None:
        gone = [number for number in range(len(node.entries)) if number not in found.kept]
        if node.style == BLOCK:
            delete, add = self._delete_from_block, self._add_to_block
        elif node.style == BRACKETS and all(map(self.page.has_own_line, node.entries)):
            delete, add = self._delete_own_lines, self._add_own_lines
        else:
            delete, add = self._delete_in_brackets, self._add_in_brackets
        # What goes to one and the same place goes there in the order in which it is said here.
        grows = bool(found.leading or found.following)
        if node.style == BARE_PAIR and grows:
            self._edit(node.start, node.start, "{")
        if found.leading:
            add(node, ~min(found.kept), found.leading)
        for number, (name, old, new) in sorted(found.kept.items()):
            entry = node.entries[number]
            column = self.page.column(entry.start)
            is_item, is_flat = isinstance(entry.key, int), node.style != BLOCK
            here = _Place((*place.location, name), column, is_item, is_flat)
            self._value(entry.node, old, new, here)
        if gone:
            delete(node, gone)
        for number, added in found.following.items():
            add(node, number, added)
        if node.style == BARE_PAIR and grows:
            self._edit(node.end, node.end, "}")

    def _delete_from_block(self, node: Node, gone: list[int]) -> None:
        page, entries = self.page, node.entries
        start, first = entries[0].start, node.first_but(gone)
        if first and not page.begins_line(start):
            # The first entry stands behind a dash, which stays.
            between = pairwise(entries[: first + 1])
            if not any("#" in self.text[page.bottom(a) : b.start] for a, b in between):
                self._edit(start, entries[first].start)
                gone = gone[first:]
            else:
                dash = len(self.text[:start].rstrip(" \t"))
                self._edit(dash, page.bottom(entries[0]))
                gone = gone[1:]
        for number in gone:
            self._delete_lines(node, number, page.bottom(entries[number]))

    def _delete_lines(self, node: Node, number: int, end: int) -> None:
        """Delete the lines of an entry, and one of the gaps where two would meet."""
        page, floor = self.page, node.floor(number)
        start = node.entries[number].start
        top = page.top(node, number) if self.with_comments else page.line(start)
        above = page.line(floor) if floor else -1
        bottom = page.line(end)
        blank_below = page.is_blank(bottom + 1)
        if blank_below and top - 1 > above and page.is_blank(top - 1):
            while top - 1 > above and page.is_blank(top - 1):
                top -= 1
        elif blank_below and number == 0 and top - 1 == above and len(node.entries) > 1:
            while page.is_blank(bottom + 1):
                bottom += 1
        if top:
            self._edit(page.ends[top - 1], page.ends[bottom])
        else:
            self._edit(0, page.starts[bottom + 1])

    def _add_to_block(self, node: Node, number: int, added: list[Any]) -> None:
        page, entries = self.page, node.entries
        column = page.column(entries[0].start)
        near = entries[max(number - 1, 0) : number + 2] if number >= 0 else entries[:2]
        gaps = [page.has_blank(page.bottom(a), b.start) for a, b in pairwise(near)]
        gap = "\n" * (1 + (bool(gaps) and all(gaps))) + " " * column
        texts = [indented(written(one, width_at(column))[:-1], column) for one in added]
        if number >= 0:
            end = page.bottom(entries[number])
            self._edit(end, end, "".join(gap + text for text in texts))
        else:
            start = page.above(node, ~number)
            self._edit(start, start, "".join(text + gap for text in texts))

    def _delete_own_lines(self, node: Node, gone: list[int]) -> None:
        for number in gone:
            end = self.page.separator(node.entries[number])
            self._delete_lines(node, number, end)

    def _add_own_lines(self, node: Node, number: int, added: list[Any]) -> None:
        gap = "\n" + " " * self.page.column(node.entries[0].start)
        texts = [in_brackets(one)[1:-1] for one in added]
        if number < 0:
            start = self.page.above(node, ~number)
            self._edit(start, start, "".join(text + "," + gap for text in texts))
            return
        entry = node.entries[number]
        end, comma = entry.node.end, self.page.separator(entry)
        line_end = self.page.line_end(comma)
        if comma == end:
            self._edit(end, end, ",")
        self._edit(line_end, line_end, gap + ("," + gap).join(texts) + "," * (comma > end))

    def _delete_in_brackets(self, node: Node, gone: list[int]) -> None:
        entries, first = node.entries, node.first_but(gone)
        has_comments = "#" in self.text[node.start : node.end]
        for number in gone:
            one = entries[number]
            if has_comments:
                # A comma may be left at the end; a comment must not be lost.
                self._edit(one.start, self.page.separator(one))
            elif number < first:
                self._edit(one.start, entries[number + 1].start)
            else:
                self._edit(entries[number - 1].node.end, one.node.end)

    def _add_in_brackets(self, node: Node, number: int, added: list[Any]) -> None:
        texts = [in_brackets(one)[1:-1] for one in added]
        if number < 0:
            start = node.entries[~number].start
            self._edit(start, start, "".join(text + ", " for text in texts))
        else:
            end = node.entries[number].node.end
            self._edit(end, end, "".join(", " + text for text in texts))

    def _replace(self, node: Node, new: Any, place: _Place) -> None:
        """Write a value anew, in the style of the old one if both are scalars."""
        if not place.location and "#" in self.text[node.start : node.end]:
            raise SpliceError(self.path, ())
        page, column = self.page, self.page.column(node.start)
        width = width_at(column)
        if place.in_brackets:
            self._put(node, in_brackets(new, node.style), place)
        elif not isinstance(new, dict | list):
            # Where a person left a long line, it stays one.
            width = UNBROKEN if page.column(node.end) > WIDTH else width
            self._put(node, indented(scalar(new, node.style, width), place.column), place)
        elif not place.location:
            self._put(node, indented(written(new, width)[:-1], column), place)
        elif place.is_item:
            text = written([new], width)[2:-1].replace("\n  ", "\n")
            if node.anchor and not text.startswith(("[", "{")):
                # Behind an anchor, the first key or item would be what it names.
                self._put_below(node, indented("\n" + text, place.column + 2), place)
            else:
                self._put(node, indented(text, column + node.is_empty), place)
        elif (text := written({"k": new}, width)[2:-1]).startswith("\n"):
            self._put_below(node, indented(text, place.column), place)
        else:
            self._put(node, indented(text[1:], place.column), place)

    def _put(self, node: Node, text: str, place: _Place) -> None:
        """Put a text, which can begin in the middle of a line, where a value stands."""
        if node.is_empty:
            self._edit(node.after, node.after, f"{self._missing_colon(node, place)} {text}")
        elif node.style == BLOCK and not place.is_item and self._is_below(node):
            self._edit(node.after, node.after, " " + text)
            self._replace_lines(node, "", place)
        else:
            comment = self._header_comment(node)
            if text.startswith(BLOCK_SCALARS):
                text = text.replace("\n", comment + "\n", 1)
            else:
                text += comment
            self._edit(node.start, node.end, text)

    def _put_below(self, node: Node, text: str, place: _Place) -> None:
        """Put lines below a key, whose comment stays."""
        page = self.page
        if node.is_empty:
            end = page.line_end(node.after)
            self._edit(end, end, self._missing_colon(node, place) + text)
        elif self._is_below(node):
            self._replace_lines(node, text, place)
        else:
            self._edit(node.after, node.end, self._header_comment(node))
            end = page.line_end(node.end)
            self._edit(end, end, text)

    def _is_below(self, node: Node) -> bool:
        return self.page.line(node.start) > self.page.line(node.after)

    def _replace_lines(self, node: Node, text: str, place: _Place) -> None:
        """Replace the lines of a value below its key; comments above what it held may stay."""
        page, line, kept = self.page, self.page.line(node.start), ""
        if node.style == BLOCK and self.with_comments:
            line = page.top(node, 0)
        elif node.style == BLOCK:
            gaps = (
                self.text[page.bottom(above) : page.ends[page.line(below.start) - 1]]
                for above, below in pairwise(node.entries)
            )
            kept = "".join(gap for gap in gaps if "#" in gap)
        end = page.lowest(node.end, place.column)
        self.edits.append((page.ends[line - 1], end, kept + self._broken(text)))

    def _missing_colon(self, node: Node, place: _Place) -> str:
        """Return what has to stand before the value of a key that has none."""
        if node.anchor or self.text[node.after - 1] in ":-":
            return ""
        return ":" if place.in_brackets else "\n" + " " * place.column + ":"

    def _header_comment(self, node: Node) -> str:
        """Return the comment behind the sign that begins a block scalar."""
        header = SCALAR_HEADER.match(self.text, node.start)
        if node.style not in BLOCK_SCALARS or header is None:
            return ""
        return self.text[header.end() : self.page.line_end(node.start)].rstrip()
