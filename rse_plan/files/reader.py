"""Read YAML from libyaml's events: quickly, within limits, with positions on demand.

Building the data from events avoids PyYAML's constructors, which recurse in C, keep the
last of two equal keys and read Norway's ``NO`` as false. The policy is YAML 1.2's:
only ``true`` and ``false`` are booleans, a number with a leading zero stays text, dates stay
text until a model asks for a date, and 8300.0 is the integer 8300, as in JSON. Merge keys, tags and
second documents are refused. Plain words that a reader of YAML 1.1 takes for something else are
read as text, with a warning. JSON is read in the same way, and has to be JSON.
"""

import json
import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import takewhile
from math import inf, isinf
from pathlib import Path
from typing import Any, NoReturn

import yaml
from yaml.events import (
    AliasEvent,
    MappingEndEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)
from yaml.reader import ReaderError

from rse_plan.files.diagnostic import START, Diagnostic, InvalidFileError, Span

MAX_BYTES = 5_000_000
MAX_DEPTH = 64
MAX_VALUES = 200_000
MAX_DIGITS = 18
# Integers below this are exact as a floating-point number.
_EXACT = 2**53

Location = tuple[str | int, ...]

_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_FLOAT = re.compile(r"[-+]?((0|[1-9][0-9]*)(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]+)?")
_CONSTANTS = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
}  # fmt: skip
# What YAML 1.1 reads as a boolean, a number in base 60, 8, 16 or 2, an infinity, or nothing.
_READ_OTHERWISE = re.compile(
    r"y|Y|n|N|yes|Yes|YES|no|No|NO|on|On|ON|off|Off|OFF|=|\.(nan|NaN|NAN)|[-+]?("
    r"[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?|0x[0-9a-fA-F_]+|0o[0-7]+|0b[01_]+"
    r"|(0[0-9_]+|[1-9][0-9]*_[0-9_]*)(\.[0-9_]*)?|\.(inf|Inf|INF))"
)
# How every text begins that may be read as something else than itself.
_NOT_ONLY_TEXT = frozenset({"", *"+-.0123456789~tTfFnNyYoO="})
_NO_TAG = (None, "!")
_BLOCKS = ("|", ">")
# What stands in JSON between quotes, or is a number that JSON does not have.
_NOT_A_NUMBER = re.compile(r'"(?:\\.|[^"\\])*"|(-?Infinity|NaN)')
_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
# A character beyond the first 65,536, as JSON escapes it in two parts and YAML in one.
_ESCAPED_PAIR = re.compile(
    r"(?<!\\)((?:\\\\)*)\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})"
)


@dataclass(frozen=True)
class Document:
    """The data of one file, with the text to find positions in."""

    path: str
    text: str
    data: Any
    warnings: tuple[Diagnostic, ...] = ()

    @cached_property
    def _spans(self) -> dict[Location, Span]:
        return dict(_walk(_parser(self.text)))

    def found(self, location: Location) -> Location:
        """Return the part of a location that the file has.

        Parts that are not in the file are skipped: pydantic names missing keys and the tags of
        unions, which have no place of their own.
        """
        found: Location = ()
        for part in location:
            if (*found, part) in self._spans:
                found = (*found, part)
        return found

    def span(self, location: Location) -> Span:
        """Return where `location` stands, or the nearest enclosing place that exists."""
        return self._spans.get(self.found(location), START)

    def key_span(self, location: Location) -> Span:
        """Return where the key of the entry at `location` stands."""
        return self._spans.get((*self.found(location), _KEY), self.span(location))

    def in_text(self, line: int, column: int) -> bool:
        """Say whether a place lies inside a text, where a ``#`` begins no comment."""
        before = bisect_right(self._texts, (line, column, inf, inf)) - 1
        return before >= 0 and (line, column) < self._texts[before][2:]

    @cached_property
    def _texts(self) -> list[Span]:
        """Where texts stand, in order; those of a block begin below the line that announces it."""
        events = iter(_parser(self.text).get_event, None)
        spans = [
            (_span(event.start_mark, event.end_mark), event.style)
            for event in takewhile(lambda one: type(one) is not StreamEndEvent, events)
            if type(event) is ScalarEvent
        ]
        return [
            span._replace(line=span.line + 1, column=1) if style in _BLOCKS else span
            for span, style in spans
        ]

    def __contains__(self, location: Location) -> bool:
        """Say whether the file has an entry at `location`."""
        return location in self._spans


_KEY = "\0key"


def lines_of(text: str) -> list[str]:
    """Split a text into the lines that positions count."""
    return _BREAK.split(text)


def read_file(path: Path, shown_as: str | None = None) -> Document:
    """Read a YAML or JSON file; raise InvalidFileError, with a place, for what cannot be read."""
    name = shown_as or str(path)
    return read_bytes(content_of(path, name), name)


def content_of(path: Path, shown_as: str | None = None) -> bytes:
    """Return the bytes of a file, of one that is too large only the first; as `read_file` raises.

    What comes from a pipe can be had only once.
    """
    name = shown_as or str(path)
    try:
        with path.open("rb") as file:
            # A device may have no end.
            return file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise InvalidFileError([Diagnostic(name, "file-not-found")]) from None
    except IsADirectoryError:
        raise InvalidFileError([Diagnostic(name, "file-is-folder")]) from None
    except (OSError, ValueError) as error:
        # A path with a null character is no path.
        reason = getattr(error, "strerror", None) or str(error)
        raise InvalidFileError(
            [Diagnostic(name, "file-unreadable", values={"reason": reason})]
        ) from None


def read_bytes(content: bytes, path: str) -> Document:
    """Read the content of a file; raise InvalidFileError for whatever cannot be read."""
    if len(content) > MAX_BYTES:
        raise InvalidFileError([Diagnostic(path, "file-too-large", values={"limit": MAX_BYTES})])
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise InvalidFileError([Diagnostic(path, "not-utf8", Span(line, 1, line, 1))]) from None
    return read_text(text, path)


def read_text(text: str, path: str) -> Document:
    """Read the YAML or JSON text that came from `path`."""
    is_json = path.endswith(".json")
    written, text = text, _ESCAPED_PAIR.sub(_joined, text) if is_json else text
    try:
        builder = _Builder(text, path)
        data = builder.document()
    except yaml.YAMLError as error:
        if is_json:
            _require_json(written, path)
        raise InvalidFileError([_syntax(error, text, path)]) from None
    except UnicodeEncodeError:
        # Half a character, from a command line that is not in UTF-8.
        raise InvalidFileError([Diagnostic(path, "not-utf8")]) from None
    if is_json:
        _require_json(written, path)
    return Document(path, text, data, () if is_json else tuple(builder.warnings))


def _joined(pair: re.Match[str]) -> str:
    high, low = (int(half, 16) for half in pair.group(2, 3))
    return f"{pair[1]}\\U{0x10000 + (high - 0xD800) * 0x400 + low - 0xDC00:08x}"


def _require_json(text: str, path: str) -> None:
    """Refuse what is YAML and not JSON: other readers of the file would."""

    def refuse(constant: str) -> NoReturn:
        places = (found.start(1) for found in _NOT_A_NUMBER.finditer(text) if found[1] == constant)
        raise json.JSONDecodeError("Expecting value", text, next(places))

    try:
        json.loads(text, parse_int=str, parse_float=str, parse_constant=refuse)
    except json.JSONDecodeError as error:
        span = Span(error.lineno, error.colno, error.lineno, error.colno + 1)
        values = {"problem": error.msg}
        raise InvalidFileError([Diagnostic(path, "json-syntax", span, values=values)]) from None
    except RecursionError:
        deep = Diagnostic(path, "too-deep", values={"limit": MAX_DEPTH})
        raise InvalidFileError([deep]) from None


# What libyaml says of a tab among other characters, and of a tab alone.
_STARTS_NOTHING = "found character that cannot start any token"
_TAB = "found a tab character that violates indentation"


def _syntax(error: yaml.YAMLError, text: str, path: str) -> Diagnostic:
    """Place a fault, and say where the part of the file begins in which it was noticed."""
    if isinstance(error, ReaderError):
        before = lines_of(text.encode()[: error.position].decode())
        line, column = len(before), len(before[-1]) + 1
        span = Span(line, column, line, column + 1)
        return Diagnostic(path, "yaml-syntax", span, values={"problem": error.reason})
    mark = getattr(error, "problem_mark", None)
    span = START if mark is None else _span(mark, mark)
    start = getattr(error, "context_mark", None)
    problem = getattr(error, "problem", None) or str(error)
    if mark and problem == _STARTS_NOTHING and lines_of(text)[mark.line][mark.column] == "\t":
        problem = _TAB
    values = {"problem": problem, "start": span.line if start is None else start.line + 1}
    return Diagnostic(path, "yaml-syntax", span, values=values)


def _parser(text: str) -> Any:
    return yaml.CSafeLoader(text)


def _span(start: Any, end: Any) -> Span:
    return Span(start.line + 1, start.column + 1, end.line + 1, end.column + 1)


class _Builder:
    """Build Python data from events, refusing what the policy refuses."""

    def __init__(self, text: str, path: str) -> None:
        self.path = path
        self.next = _parser(text).get_event
        self.values = 0
        self.warnings: list[Diagnostic] = []
        self.anchors: dict[str, tuple[Any, int]] = {}

    def refuse(self, code: str, event: Any, **values: object) -> InvalidFileError:
        span = _span(event.start_mark, event.end_mark)
        return InvalidFileError([Diagnostic(self.path, code, span, values=values)])

    def doubt(self, code: str, event: Any, **values: object) -> None:
        span = _span(event.start_mark, event.end_mark)
        self.warnings.append(Diagnostic(self.path, code, span, "warning", values))

    def document(self) -> Any:
        self.next()  # stream start
        event = self.next()
        if isinstance(event, yaml.StreamEndEvent):
            return None
        data = self.node(self.next(), 0)
        self.next()  # document end
        event = self.next()
        if not isinstance(event, yaml.StreamEndEvent):
            raise self.refuse("second-document", event)
        return data

    def node(self, event: Any, depth: int) -> Any:
        kind = type(event)
        if kind is AliasEvent:
            return self.alias(event)
        before = self.values
        self.count(1, event)
        if event.tag not in _NO_TAG:
            raise self.refuse("tag", event, tag=event.tag)
        if kind is ScalarEvent:
            data = self.plain(event) if event.implicit[0] else event.value
        elif depth == MAX_DEPTH:
            raise self.refuse("too-deep", event, limit=MAX_DEPTH)
        elif kind is SequenceStartEvent:
            data = self.sequence(depth + 1)
        else:
            data = self.mapping(depth + 1)
        if event.anchor is not None:
            if event.anchor in self.anchors:
                raise self.refuse("anchor-twice", event, anchor=event.anchor)
            self.anchors[event.anchor] = data, self.values - before
        return data

    def count(self, values: int, event: Any) -> None:
        self.values += values
        if self.values > MAX_VALUES:
            raise self.refuse("too-many-values", event, limit=MAX_VALUES)

    def alias(self, event: Any) -> Any:
        if event.anchor not in self.anchors:
            raise self.refuse("unknown-alias", event, anchor=event.anchor)
        data, size = self.anchors[event.anchor]
        self.count(size, event)
        return data

    def plain(self, event: Any) -> Any:
        """Read what stands without quotes and need not be a text."""
        text: str = event.value
        if text in _CONSTANTS:
            return _CONSTANTS[text]
        if _INTEGER.fullmatch(text):
            if len(text.lstrip("+-")) > MAX_DIGITS:
                raise self.refuse("number-too-long", event, limit=MAX_DIGITS)
            return int(text)
        is_number = _FLOAT.fullmatch(text)
        if is_number and not isinf(number := float(text)):
            return int(number) if number.is_integer() and abs(number) < _EXACT else number
        if is_number or _READ_OTHERWISE.fullmatch(text):
            self.doubt("read-otherwise", event, found=text)
        return text

    def sequence(self, depth: int) -> list[Any]:
        items = []
        while type(event := self.next()) is not SequenceEndEvent:
            items.append(self.node(event, depth))
        return items

    def mapping(self, depth: int) -> dict[str, Any]:
        data: dict[str, Any] = {}
        following = self.next
        while type(event := following()) is not MappingEndEvent:
            if type(event) is not ScalarEvent:
                raise self.refuse("key-not-text", event)
            if event.tag not in _NO_TAG:
                raise self.refuse("tag", event, tag=event.tag)
            key = event.value
            if key == "<<" and event.implicit[0]:
                raise self.refuse("merge-key", event)
            if key in data:
                raise self.refuse("duplicate-key", event, key=key)
            event = following()
            if type(event) is ScalarEvent and event.anchor is None and event.tag is None:
                # Most of what a file holds: not worth a call.
                self.values += 1
                text = event.value
                quoted = not event.implicit[0]
                data[key] = text if quoted or text[:1] not in _NOT_ONLY_TEXT else self.plain(event)
            else:
                data[key] = self.node(event, depth)
        self.count(0, event)
        return data


def _walk(parser: Any) -> Iterator[tuple[Location, Span]]:
    """Yield the location and span of every value, and of every key under ``_KEY``."""
    parser.get_event()
    if isinstance(parser.get_event(), yaml.DocumentStartEvent):
        yield from _walk_node(parser, parser.get_event(), ())


def _walk_node(
    parser: Any,
    event: Any,
    location: Location,
) -> Iterator[tuple[Location, Span]]:
    end = event
    if isinstance(event, yaml.SequenceStartEvent):
        index = 0
        while not isinstance(end := parser.get_event(), yaml.SequenceEndEvent):
            yield from _walk_node(parser, end, (*location, index))
            index += 1
    elif isinstance(event, yaml.MappingStartEvent):
        while not isinstance(end := parser.get_event(), yaml.MappingEndEvent):
            entry = (*location, end.value)
            yield (*entry, _KEY), _span(end.start_mark, end.end_mark)
            yield from _walk_node(parser, parser.get_event(), entry)
    yield location, _span(event.start_mark, end.end_mark)
