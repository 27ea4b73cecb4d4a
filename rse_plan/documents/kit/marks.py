"""A chart before it is drawn: its words, and the marks that it is made of."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, get_args

Kind = Literal["phase", "gate", "wave"]
KINDS: tuple[str, ...] = get_args(Kind)


@dataclass(frozen=True)
class Interval:
    """A value between two bounds, which are equal when it is known."""

    name: str
    low: float
    high: float


@dataclass(frozen=True)
class Bar:
    """A phase or a wave with its first and last day, or the day of a gate."""

    kind: Kind
    name: str
    start: date
    end: date


@dataclass(frozen=True)
class Line:
    """Values by day."""

    name: str
    points: tuple[tuple[date, float], ...]


@dataclass(frozen=True)
class Chart:
    """A title that says what is seen, a description instead of the picture, and its marks.

    Values are shares from 0 to 1 where `is_share`, else counts of people. `words` name what the
    marks are, or the axis.
    """

    title: str
    description: str
    marks: tuple[Interval, ...] | tuple[Bar, ...] | tuple[Line, ...]
    is_share: bool = False
    words: Mapping[str, str] = field(default_factory=dict)

    @property
    def in_rows(self) -> bool:
        """Whether each mark has a row of its own, under its name."""
        return not isinstance(self.marks[0], Line)
