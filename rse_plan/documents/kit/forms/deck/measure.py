"""How much room a text takes, judged without its font, so that it is the same everywhere.

Widths are those of Arial, in thousandths of an em, and a little more than most office fonts need.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache

from rse_plan.documents.kit.forms.deck.slides import Run, Runs, text_of

LINE = 1.22
_WIDTHS = {
    character: width
    for width, characters in {
        222: "ijl'|",
        278: " I.,:;!\\[]\u00a0",
        333: 'ft()-`"·°{}',
        350: "r",
        390: "/",
        500: "Jckvxyzs",
        611: "FTZ",
        667: "ABEKPSVXY&",
        722: "CDHNRUw",
        778: "GOQ",
        833: "mM",
        944: "W%",
        1000: "—…@☐☑✓→",
        200: "\u202f\u2009",
    }.items()
    for character in characters
}
_JOINER, _BREAKS = "\u200d", " -\u200b"
_BREAK = re.compile(f"(?<=[{re.escape(_BREAKS)}])|\n")
_OTHER, _WIDE, BOLD = 556, 1000, 1.07
# Where a line begins and ends in a text.
Span = tuple[int, int]


def width(runs: Sequence[Run], size: float) -> float:
    """Return the width of a text on one line, in points."""
    return sum(_widths(runs)) * size / 1000


def longest_word(runs: Sequence[Run], size: float) -> float:
    """Return the width of the longest word, in points."""
    words = _BREAK.split(text_of(runs))
    bold = any(run.bold for run in runs)
    return max(width((Run(word.strip(" "), bold=bold),), size) for word in words)


def lines(runs: Sequence[Run], size: float, room: float) -> tuple[Span, ...]:
    """Break a text into lines of a width, inside a word only where the word is too long."""
    limit = room * 1000 / size
    found, start, used = [], 0, 0.0
    cut, used_at_cut = 0, 0.0
    for at, (character, wide) in enumerate(zip(text_of(runs), _widths(runs), strict=True)):
        if character == "\n":
            found.append((start, at))
            start, used, cut, used_at_cut = at + 1, 0.0, at + 1, 0.0
            continue
        if used + wide > limit and wide and character != " " and at > start:
            end, used = (cut, used - used_at_cut) if cut > start else (at, 0.0)
            found.append((start, end))
            start, cut, used_at_cut = end, end, 0.0
        used += wide
        if character in _BREAKS:
            cut, used_at_cut = at + 1, used
    return (*found, (start, len(text_of(runs))))


def part(runs: Sequence[Run], start: int, end: int) -> Runs:
    """Cut lines out of a text, without the blanks at their end."""
    text = text_of(runs)
    while end > start and text[end - 1] in " \n":
        end -= 1
    found, at = [], 0
    for run in runs:
        piece = run.text[max(start - at, 0) : max(end - at, 0)]
        if piece:
            found.append(Run(piece, run.bold, run.italic))
        at += len(run.text)
    return tuple(found)


def shortened(text: str, size: float, room: float, most: int) -> str:
    """Cut a text after so many lines, with an ellipsis where something is left out."""
    found = lines((Run(text),), size, room)
    if len(found) <= most:
        return text
    start, end = found[most - 1]
    return f"{text[: start + max((end - start) * 9 // 10, 1)].rstrip()}…"


def _widths(runs: Sequence[Run]) -> Iterator[float]:
    """Give the width of each character; what follows a joiner is drawn with what came before."""
    last = ""
    for run in runs:
        for character in run.text:
            wide = 0.0 if last == _JOINER else _character(character)
            yield wide * BOLD if run.bold else wide
            last = character


@cache
def _character(character: str) -> float:
    base = unicodedata.normalize("NFD", character)[0]
    if base in _WIDTHS:
        return _WIDTHS[base]
    if unicodedata.category(base) in {"Mn", "Me", "Cf"} or "\U0001f3fb" <= base <= "\U0001f3ff":
        return 0
    is_wide = unicodedata.east_asian_width(base) in {"W", "F"} or unicodedata.category(base) == "So"
    return _WIDE if is_wide else _OTHER
