"""A YAML text as a person sees it: lines, comments, and where each value stands."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

import yaml
from yaml.events import (
    AliasEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    StreamEndEvent,
)

from rse_plan.files.reader import Document

BREAKS = "\n\r\x85\u2028\u2029"
_SPACES = " \t" + BREAKS
BREAK = re.compile(f"\r\n|[{BREAKS}]")
# What may stand between two tokens; a comment begins after a space or a break.
_BETWEEN = re.compile(f"(?:[{_SPACES}]|(?:^|(?<=[{_SPACES}]))#[^{BREAKS}]*)*")
_LAST_BREAK = re.compile(f"(?:\r\n|[{BREAKS}])\\Z")
_COMMENT_SIGN = re.compile(f"(?:^|(?<=[{_SPACES}]))#")
_ANCHOR = re.compile(r"&[\w-]+")
SCALAR_HEADER = re.compile(r"[|>][-+0-9]*")
# Styles of nodes. Those of scalars are YAML's own signs, and a plain one has none.
BLOCK, BRACKETS, BARE_PAIR, ALIAS = "block", "brackets", "pair", "alias"
BLOCK_SCALARS = ("|", ">")


@dataclass(frozen=True)
class Node:
    """A value as it stands in the text.

    `after` is where a value would be put if there were none; `start` is where it begins, its
    anchor left out. What is empty begins and ends at `after`.
    """

    after: int
    start: int
    end: int
    style: str
    anchor: str | None
    entries: tuple["Entry", ...] = ()

    @property
    def is_empty(self) -> bool:
        """Say whether nothing stands where the value would."""
        return self.start == self.end

    def first_but(self, gone: list[int]) -> int:
        """Return the number of the first entry that is not gone."""
        return min(set(range(len(self.entries))).difference(gone))

    def floor(self, number: int) -> int:
        """Return where that ends which stands before an entry."""
        return self.entries[number - 1].node.end if number else self.after


class Entry(NamedTuple):
    """An entry of a mapping or list; it begins at its key or dash."""

    key: str | int
    start: int
    node: Node


@dataclass(frozen=True)
class Page:
    """A text, its lines, and what stands between its values."""

    text: str

    @cached_property
    def starts(self) -> list[int]:
        """Where lines begin."""
        return [0, *(found.end() for found in BREAK.finditer(self.text))]

    @cached_property
    def ends(self) -> list[int]:
        """Where lines end, their breaks left out."""
        return [*(found.start() for found in BREAK.finditer(self.text)), len(self.text)]

    @cached_property
    def newline(self) -> str:
        """The line break of the text."""
        found = BREAK.search(self.text)
        return found[0] if found else "\n"

    def line(self, index: int) -> int:
        """Return the line of a place."""
        return bisect_right(self.starts, index) - 1

    def column(self, index: int) -> int:
        """Return how far a place is from the start of its line."""
        return index - self.starts[self.line(index)]

    def line_end(self, index: int) -> int:
        """Return where the line of a place ends."""
        return self.ends[self.line(index)]

    def begins_line(self, index: int) -> bool:
        """Say whether nothing stands before a place on its line."""
        return not self.text[self.starts[self.line(index)] : index].strip(_SPACES)

    def is_blank(self, line: int) -> bool:
        """Say whether a line holds nothing, or is none."""
        return line >= len(self.starts) or not self._line_text(line).strip(_SPACES)

    def has_blank(self, start: int, end: int) -> bool:
        """Say whether there is an empty line between two places."""
        return any(map(self.is_blank, range(self.line(start) + 1, self.line(end))))

    def past(self, index: int) -> int:
        """Return where the next token begins."""
        found = _BETWEEN.match(self.text, index)
        return found.end() if found else index

    def top(self, node: Node, number: int) -> int:
        """Return the line where the comments begin that stand directly above an entry.

        Those above the first entry of a file are about the file.
        """
        start, floor = node.entries[number].start, node.floor(number)
        line, last = self.line(start), self.line(floor)
        while floor and line - 1 > last and self._comment_column(line - 1) == self.column(start):
            line -= 1
        return line

    def bottom(self, entry: Entry) -> int:
        """Return where the last line of an entry ends."""
        return self.lowest(entry.node.end, self.column(entry.start))

    def lowest(self, end: int, column: int) -> int:
        """Return where that ends which ends at a place and begins at a column.

        Comments that are indented more belong to it.
        """
        last = self.line(end)
        for line in range(last + 1, len(self.starts)):
            found = self._comment_column(line)
            if found is not None and found > column:
                last = line
            elif not self.is_blank(line):
                break
        return self.ends[last]

    def separator(self, entry: Entry) -> int:
        """Return where what stands in brackets ends, with its comma if it has one."""
        found = self.past(entry.node.end)
        return found + 1 if self.text[found] == "," else entry.node.end

    def has_own_line(self, entry: Entry) -> bool:
        """Say whether nothing else stands on the lines of what stands in brackets."""
        end = self.separator(entry)
        return self.begins_line(entry.start) and self.past(end) > self.line_end(end)

    def above(self, node: Node, number: int) -> int:
        """Return where an entry begins with the comments that stand directly above it."""
        start = node.entries[number].start
        top = self.top(node, number)
        return start if top == self.line(start) else self.starts[top] + self.column(start)

    def extent(self, node: Node, number: int) -> tuple[int, int]:
        """Return where an entry stands with its comments."""
        entry = node.entries[number]
        if node.style == BLOCK:
            return self.above(node, number), self.bottom(entry)
        if self.has_own_line(entry):
            return self.above(node, number), self.line_end(self.separator(entry))
        return entry.start, entry.node.end

    def comments(self, document: Document, start: int, end: int) -> Iterator[str]:
        """Yield the comments between two places."""
        for line in range(self.line(start), self.line(end) + 1):
            first = self.starts[line]
            text = self.text[first : min(end, self.ends[line])]
            for sign in _COMMENT_SIGN.finditer(text, max(start - first, 0)):
                if not document.in_text(line + 1, sign.start() + 1):
                    yield text[sign.start() :].rstrip()
                    break

    def _line_text(self, line: int) -> str:
        return self.text[self.starts[line] : self.ends[line]]

    def _comment_column(self, line: int) -> int | None:
        """Return where the comment of a line begins that holds nothing else."""
        text = self._line_text(line)
        bare = text.lstrip(_SPACES)
        return len(text) - len(bare) if bare.startswith("#") else None


@lru_cache(maxsize=1)
def read(text: str) -> tuple[Page, Node | None]:
    """Return the lines of a text that can be read, and its outermost value if it has one."""
    page = Page(text)
    return page, _Reading(page).document()


class _Reading:
    """Build the nodes of a text from the events that its data was built from."""

    def __init__(self, page: Page) -> None:
        self.page, self.text = page, page.text
        parser: Any = yaml.CSafeLoader(page.text)
        self.next = parser.get_event

    def document(self) -> Node | None:
        self.next()  # stream start
        event = self.next()
        if type(event) is StreamEndEvent:
            return None
        return self.node(self.next(), 0)

    def node(self, event: Any, after: int) -> Node:
        start, end, kind = event.start_mark.index, event.end_mark.index, type(event)
        if kind is AliasEvent:
            return Node(after, start, end, ALIAS, event.anchor)
        if event.anchor is not None and (anchor := _ANCHOR.match(self.text, start)):
            after = anchor.end()
            start = self.page.past(after)
        if kind is not ScalarEvent:
            return self.collection(event, after, start)
        if event.style in BLOCK_SCALARS:
            end = self.end_of_block_scalar(start, end)
        elif not event.style and not event.value:
            start = end = after
        return Node(after, start, end, event.style, event.anchor)

    def end_of_block_scalar(self, start: int, end: int) -> int:
        """Return where the last line of a block scalar ends; blank ones count if they are kept."""
        text = self.text[start:end]
        header = SCALAR_HEADER.match(text)
        if header and "+" in header[0]:
            return start + len(_LAST_BREAK.sub("", text))
        return self.page.line_end(start + len(text.rstrip(_SPACES)))

    def collection(self, event: Any, after: int, start: int) -> Node:
        style = BLOCK
        if event.flow_style:
            style = BRACKETS if self.text[start] in "[{" else BARE_PAIR
        entry = self.pair if type(event) is MappingStartEvent else self.item
        entries: list[Entry] = []
        end = start + (style == BRACKETS)
        while type(inner := self.next()) not in (MappingEndEvent, SequenceEndEvent):
            entries.append(entry(inner, self.page.past(end), len(entries), style))
            end = entries[-1].node.end
            if style == BRACKETS:
                end = self.page.separator(entries[-1])
        if style == BRACKETS:
            end = inner.end_mark.index
        return Node(after, start, end, style, event.anchor, tuple(entries))

    def item(self, event: Any, start: int, number: int, style: str) -> Entry:
        return Entry(number, start, self.node(event, start + (style == BLOCK)))

    def pair(self, event: Any, start: int, _: int, __: str) -> Entry:
        end = event.end_mark.index
        colon = self.page.past(end)
        has_colon = self.text[colon : colon + 1] == ":"
        return Entry(event.value, start, self.node(self.next(), colon + 1 if has_colon else end))
