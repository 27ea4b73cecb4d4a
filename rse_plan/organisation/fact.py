"""One fact about an organisation: known, bounded, unknown or not applicable, with its origin.

In YAML a fact is a plain value; ``unknown`` (or absent); ``{not_applicable: reason}``; a bound,
``{at_least: 0.12}`` or ``{at_most: 3}``; or a value with its origin,
``{value: 40%, source: "annual survey", as_of: 2026-10-12, evidence: measured}``.
Unknown is never no.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import (
    Annotated,
    Any,
    ClassVar,
    Generic,
    Literal,
    NoReturn,
    TypeVar,
    get_args,
    get_origin,
)

from pydantic import BeforeValidator, Field, GetCoreSchemaHandler, GetJsonSchemaHandler, Strict
from pydantic_core import PydanticCustomError, core_schema

T = TypeVar("T")

State = Literal["known", "partial", "unknown", "not_applicable"]
Evidence = Literal["stated", "document", "measured"]

# A date beyond is a slip, and no calendar goes that far.
_DAY = re.compile(r"(19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}")
_PERCENT = r"[ \u00a0\u202f]?%"
_DECIMAL = r"[-+]?[0-9]+(?:[.,][0-9]+)?"
_PERCENTAGE = re.compile(rf"({_DECIMAL}){_PERCENT}")

MEASURED = ("value", "at_least", "at_most")
# A fact is a value, or bounds, or not applicable.
EXCLUSIVE = {
    "value": ("at_least", "at_most", "not_applicable"),
    "not_applicable": ("at_least", "at_most"),
}


class Fact(Generic[T]):
    """What is known of one thing, and who says so.

    Not a dataclass, because pydantic would then build its own schema instead of ours.
    """

    KEYS: ClassVar = (
        "value", "at_least", "at_most", "not_applicable", "source", "as_of", "evidence",
    )  # fmt: skip
    __slots__ = KEYS

    value: T | None
    at_least: T | None
    at_most: T | None
    not_applicable: str | None
    source: str | None
    as_of: date | None
    evidence: Evidence | None

    def __init__(  # noqa: PLR0913 - the ways of writing a fact are that many
        self,
        value: T | None = None,
        *,
        at_least: T | None = None,
        at_most: T | None = None,
        not_applicable: str | None = None,
        source: str | None = None,
        as_of: date | None = None,
        evidence: Evidence | None = None,
    ) -> None:
        """Hold a value, bounds or a reason; the default is unknown."""
        said = (value, at_least, at_most, not_applicable, source, as_of, evidence)
        for key, one in zip(self.KEYS, said, strict=True):
            object.__setattr__(self, key, one)

    def __setattr__(self, name: str, _: object) -> NoReturn:
        """Refuse: facts are shared, and do not change."""
        raise AttributeError(name)

    def __setstate__(self, state: tuple[None, dict[str, Any]]) -> None:
        """Hold what another process said."""
        for key, one in state[1].items():
            object.__setattr__(self, key, one)

    def __deepcopy__(self, _: object) -> "Fact[T]":
        """Share it: pydantic copies the defaults of every field."""
        return self

    def __eq__(self, other: object) -> bool:
        """Compare what is said, not who holds it."""
        return isinstance(other, Fact) and all(
            getattr(self, key) == getattr(other, key) for key in self.KEYS
        )

    def __hash__(self) -> int:
        """Agree with equality."""
        return hash(tuple(getattr(self, key) for key in self.KEYS))

    def __repr__(self) -> str:
        """Show what is said."""
        said = (f"{k}={getattr(self, k)!r}" for k in self.KEYS if getattr(self, k) is not None)
        return f"Fact({', '.join(said)})"

    @property
    def state(self) -> State:
        """Say how much is known."""
        if self.not_applicable is not None:
            return "not_applicable"
        if self.value is not None:
            return "known"
        if self.at_least is not None or self.at_most is not None:
            return "partial"
        return "unknown"

    @property
    def low(self) -> T | None:
        """The least the value can be; None when nothing bounds it from below."""
        return self.value if self.value is not None else self.at_least

    @property
    def high(self) -> T | None:
        """The most the value can be; None when nothing bounds it from above."""
        return self.value if self.value is not None else self.at_most

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: Any, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        """Accept each of the ways a fact is written, with one error for a wrong one."""
        (kind,) = get_args(source)
        value = handler.generate_schema(kind)
        text = core_schema.str_schema(strict=True, min_length=1)
        fields = {
            "value": value,
            "at_least": value,
            "at_most": value,
            "not_applicable": text,
            "source": text,
            "as_of": handler.generate_schema(Date),
            "evidence": core_schema.literal_schema(list(get_args(Evidence))),
        }
        stated = core_schema.typed_dict_schema(
            {k: core_schema.typed_dict_field(v, required=False) for k, v in fields.items()},
            extra_behavior="forbid",
            config=core_schema.CoreConfig(strict=True),
        )
        return core_schema.tagged_union_schema(
            {
                "fact": core_schema.is_instance_schema(cls),
                "unknown": core_schema.no_info_plain_validator_function(lambda _: UNKNOWN),
                "stated": core_schema.no_info_after_validator_function(
                    partial(_from_mapping, _levels(kind)),
                    core_schema.no_info_before_validator_function(_said, stated),
                ),
                "plain": core_schema.no_info_after_validator_function(cls, value),
            },
            discriminator=_how_written,
            serialization=core_schema.plain_serializer_function_ser_schema(_to_plain),
            # One validator for all facts of a kind, instead of one for each field.
            ref=f"Fact[{kind!r}]",
        )


def _levels(kind: Any) -> tuple[Any, ...]:
    """List the levels of a choice; no other kind of value has any."""
    return get_args(kind) if get_origin(kind) is Literal else ()


def _how_written(data: object) -> str:
    if isinstance(data, Fact):
        return "fact"
    if data is None or data == "unknown":
        return "unknown"
    return "stated" if isinstance(data, dict) else "plain"


def _said(data: dict[str, Any]) -> dict[str, Any]:
    """Leave out what is written as unknown inside a fact with an origin: who was asked stays."""
    said = [key for key in Fact.KEYS[:4] if key in data]
    if len(said) > 1 and ("value" in said or "not_applicable" in said):
        raise PydanticCustomError("fact-said-twice", "said twice", {"keys": ", ".join(said)})
    return {
        key: value
        for key, value in data.items()
        if key not in MEASURED or value not in (None, "unknown")
    }


def _from_mapping(choices: tuple[Any, ...], data: dict[str, Any]) -> "Fact[Any]":
    low, high = data.get("at_least"), data.get("at_most")
    if low is not None and high is not None and not isinstance(low, tuple):
        _check_bounds(choices, low, high)
    return Fact(**data)


def _check_bounds(choices: tuple[Any, ...], low: Any, high: Any) -> None:
    """Refuse bounds that cross; those of a choice go by the order of its levels."""
    if isinstance(low, str) and isinstance(high, str) and not choices:
        # The levels of an answer are the playbook's, which checks their order.
        return
    ranks = [choices.index(end) if end in choices else end for end in (low, high)]
    bounds = {"low": str(low), "high": str(high)}
    try:
        crossed = ranks[0] > ranks[1]
    except TypeError:
        raise PydanticCustomError("bounds-unlike", "unlike", bounds) from None
    if crossed:
        raise PydanticCustomError("bounds-crossed", "crossed", bounds)


def _to_plain(fact: "Fact[Any]") -> object:
    """Give back the shortest way of writing the fact."""
    said = {key: getattr(fact, key) for key in Fact.KEYS if getattr(fact, key) is not None}
    if not said:
        return "unknown"
    return fact.value if said.keys() == {"value"} else said


UNKNOWN: Fact[Any] = Fact()


def day(text: str) -> date:
    """Read a day from 1900 to 2199 written year-month-day; raise ValueError for any other."""
    if not _DAY.fullmatch(text):
        raise ValueError(text)
    return date.fromisoformat(text)


def percentage(text: str) -> float | None:
    """Read ``15%`` or ``12,5 %`` as 0.15 or 0.125; None for what is no percentage."""
    found = _PERCENTAGE.fullmatch(text)
    return float(found[1].replace(",", ".")) / 100 if found else None


def _date(text: object) -> object:
    if not isinstance(text, str):
        return text
    try:
        return day(text)
    except ValueError:
        raise PydanticCustomError("invalid-date", "not a date", {"found": text}) from None


def _share(written: object) -> object:
    """Read ``15%``, ``12,5 %`` or ``0.15``; refuse a bare 15, which could mean either."""
    share = _proportion(written)
    if not 0 <= share <= 1:
        raise PydanticCustomError("share-out-of-range", "out of range", {"found": written})
    return share


def _rate(written: object) -> object:
    """Read ``6%`` or ``0.06``, negative or above one too; refuse a bare 6."""
    rate = _proportion(written)
    if abs(rate) > 1 and not isinstance(written, str):
        raise PydanticCustomError("share-out-of-range", "out of range", {"found": written})
    return rate


def _proportion(written: object) -> float:
    number = percentage(written) if isinstance(written, str) else written
    if isinstance(number, bool) or not isinstance(number, int | float):
        raise PydanticCustomError("not-a-share", "not a share", {"found": written})
    return float(number)


def _answer(written: object) -> object:
    """Read a percentage as a share, so that answers to a playbook's own questions may be one."""
    if isinstance(written, str) and (number := percentage(written)) is not None:
        return number
    if not isinstance(written, bool | int | float | str):
        raise PydanticCustomError("expected-answer", "not an answer", {"found": written})
    return written


@dataclass(frozen=True)
class OrUnknown:
    """Let a whole block be left open, as a fact can: nothing is known of anything in it."""

    instead: Callable[[], Any]

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        """Put what stands for an unknown block in its place."""

        def known(said: Any) -> Any:
            return self.instead() if said is None or said == "unknown" else said

        return core_schema.no_info_before_validator_function(known, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """Keep it apart for the schemas."""
        return {"or_unknown": handler(schema)}


@dataclass(frozen=True, eq=False)
class Named:
    """Name a type of value in the schemas, and say there what it accepts when pydantic cannot."""

    name: str
    accepts: Mapping[str, Any] | None = None

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """Add the name, which the schemas replace by words."""
        accepted = handler(schema) if self.accepts is None else self.accepts
        return {**accepted, "named": self.name}


def _proportions(least: int, percentages: str) -> dict[str, Any]:
    """Say in a schema which numbers and which percentages a proportion may be."""
    numbers = {"minimum": least, "maximum": 1}
    return {"type": ["number", "string"], **numbers, "pattern": f"^({percentages}){_PERCENT}$"}


_HUNDREDTHS = r"[+]?0*(100([.,]0+)?|[0-9]{1,2}([.,][0-9]+)?)|-0+([.,]0+)?"

Date = Annotated[
    date,
    BeforeValidator(_date),
    Named("Date", {"type": "string", "format": "date", "pattern": f"^{_DAY.pattern}$"}),
]
Share = Annotated[
    float,
    BeforeValidator(_share),
    Field(ge=0, le=1),
    Named("Share", _proportions(0, _HUNDREDTHS)),
]
Rate = Annotated[
    float,
    BeforeValidator(_rate),
    Field(allow_inf_nan=False),
    Named("Rate", _proportions(-1, _DECIMAL)),
]
# No amount of an organisation is larger, and larger ones could not be written out.
_MOST = 1e15

Count = Annotated[int, Field(ge=0, le=int(_MOST)), Named("Count")]
AtLeastOne = Annotated[int, Field(ge=1, le=int(_MOST)), Named("AtLeastOne")]
Amount = Annotated[float, Field(ge=0, le=_MOST, allow_inf_nan=False), Named("Amount")]
Number = Annotated[float, Field(ge=-_MOST, le=_MOST, allow_inf_nan=False), Named("Number")]
Text = Annotated[str, Field(min_length=1), Named("Text")]
Answer = Annotated[bool | int | float | str, BeforeValidator(_answer), Named("Answer")]
Listed = Annotated[tuple[T, ...], Strict(strict=False)]
Section = Annotated[T, OrUnknown(dict)]
