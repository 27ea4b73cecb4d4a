"""How a raw value becomes a value from 0 (nothing of it) to 1 (all that is asked).

Each function gives the exact range of values over a range of raw values, not only the values
at its ends: a band peaks inside.
"""

from math import inf, log
from typing import Annotated, Literal

from pydantic import ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from rse_plan.organisation.model import Block
from rse_plan.playbook.reading import Raw, Reading

Value = Annotated[float, Field(ge=0, le=1)]
Range = tuple[float, float]

ANYTHING: Range = (0.0, 1.0)

# What the raw values of a unit lie between; those of the other units have no bounds.
LIMITS: dict[str, Range] = {"share": (0.0, 1.0), "count": (0.0, inf), "months": (0.0, inf)}


class UnreadableError(ValueError):
    """Say that a raw value is of a kind that a value function cannot score."""


class Boolean(Block):
    """Yes or no; `good` says which of them is worth 1."""

    type: Literal["boolean"]
    good: bool = True

    def at(self, raw: Raw) -> float:
        """Return the value of one answer; raise UnreadableError if it is not yes or no."""
        if raw not in {0, 1}:
            raise UnreadableError(raw)
        return float(bool(raw) == self.good)

    def over(self, reading: Reading) -> Range:
        """Return the least and the most value over a reading."""
        for end in (reading.low, reading.high):
            if end is not None:
                self.at(end)
        possible = {bool(reading.low), True if reading.high is None else bool(reading.high)}
        values = [self.at(answer) for answer in possible]
        return min(values), max(values)


class Levels(Block):
    """A value for each level, listed from the lowest level to the highest."""

    type: Literal["level"]
    levels: dict[str, Value] = Field(min_length=2)

    def at(self, raw: Raw) -> float:
        """Return the value of one level; raise UnreadableError for one that is not listed."""
        if raw not in self.levels:
            raise UnreadableError(raw)
        return self.levels[str(raw)]

    def over(self, reading: Reading) -> Range:
        """Return the least and the most value over a reading."""
        names = list(self.levels)
        for end in (reading.low, reading.high):
            if end is not None:
                self.at(end)
        first = 0 if reading.low is None else names.index(str(reading.low))
        last = len(names) - 1 if reading.high is None else names.index(str(reading.high))
        if first > last:
            raise UnreadableError(f"{reading.low} – {reading.high}")
        values = list(self.levels.values())[first : last + 1]
        return min(values), max(values)


class Linear(Block):
    """From 0 at one goalpost to 1 at the other, capped beyond; the goalposts may fall.

    `scale: log` counts ratios instead of differences, as income indices do.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "if": {"required": ["scale"], "properties": {"scale": {"const": "log"}}},
            "then": {
                "properties": {
                    "zero_at": {"type": "number", "exclusiveMinimum": 0},
                    "one_at": {"type": "number", "exclusiveMinimum": 0},
                }
            },
        }
    )

    type: Literal["linear"]
    zero_at: float
    one_at: float
    scale: Literal["linear", "log"] = "linear"

    @model_validator(mode="after")
    def _check(self) -> "Linear":
        if self.zero_at == self.one_at:
            raise PydanticCustomError("goalposts-equal", "equal", {"value": self.zero_at})
        if self.scale == "log" and min(self.zero_at, self.one_at) <= 0:
            raise PydanticCustomError("goalposts-not-positive", "not positive", {})
        return self

    def at(self, raw: Raw) -> float:
        """Return the value of one number; raise UnreadableError for what is not a number."""
        if isinstance(raw, bool | str):
            raise UnreadableError(raw)
        ends = sorted((self.zero_at, self.one_at))
        raw = min(max(float(raw), ends[0]), ends[1])
        of = log if self.scale == "log" else float
        # Adding 0 turns the -0.0 of a falling line into 0.0.
        return (of(raw) - of(self.zero_at)) / (of(self.one_at) - of(self.zero_at)) + 0.0

    def over(self, reading: Reading) -> Range:
        """Return the least and the most value over a reading."""
        ends = [self.at(raw) for raw in _numbers(reading)]
        return min(ends), max(ends)


class Band(Block):
    """1 inside a band, rising to it from `zero_at`.

    Above the band the value stays 1, unless `falls_to` (a value) at `falls_by` (a raw value)
    says how far it falls: the articles name a band of 10 to 20 % and no penalty above it.
    """

    type: Literal["band"]
    zero_at: float = 0.0
    low: float
    high: float
    falls_to: Value = 1.0
    falls_by: float | None = None

    @model_validator(mode="after")
    def _check(self) -> "Band":
        if not self.zero_at < self.low <= self.high or (
            self.falls_by is not None and self.falls_by <= self.high
        ):
            raise PydanticCustomError("band-out-of-order", "out of order", {})
        return self

    def at(self, raw: Raw) -> float:
        """Return the value of one number; raise UnreadableError for what is not a number."""
        if isinstance(raw, bool | str):
            raise UnreadableError(raw)
        if raw < self.low:
            return max(0.0, (raw - self.zero_at) / (self.low - self.zero_at))
        if raw <= self.high or self.falls_by is None:
            return 1.0
        fallen = min(1.0, (raw - self.high) / (self.falls_by - self.high))
        return 1.0 - fallen * (1.0 - self.falls_to)

    def over(self, reading: Reading) -> Range:
        """Return the least and the most value over a reading, looking at the band's corners."""
        least, most = _numbers(reading)
        corners = [raw for raw in (self.low, self.high) if least < raw < most]
        values = [self.at(raw) for raw in (least, *corners, most)]
        return min(values), max(values)


ValueFunction = Annotated[Boolean | Levels | Linear | Band, Field(discriminator="type")]


def _numbers(reading: Reading) -> Range:
    for end in (reading.low, reading.high):
        if isinstance(end, bool | str):
            raise UnreadableError(end)
    return reading.numbers()
