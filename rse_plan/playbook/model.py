"""The catalogue's nouns: source, factor, indicator, action, gate, level, tension, playbook."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from rse_plan.organisation import Organisation
from rse_plan.organisation.fact import Amount, AtLeastOne, Count, Date, Listed, Named, Text
from rse_plan.organisation.model import Block, Identifier, LanguageCode
from rse_plan.playbook.measures import Measure
from rse_plan.playbook.values import Value, ValueFunction

Basis = Literal["documented", "judgement"]
Unit = Literal["share", "count", "number", "months", "boolean", "level", "points"]
Weight = Annotated[float, Field(gt=0, allow_inf_nan=False), Named("Weight")]
Version = Annotated[str, Field(pattern=r"^[0-9]+\.[0-9]+\.[0-9]+$"), Named("Version")]
PartialDate = Annotated[
    str, Field(pattern=r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$"), Named("PartialDate")
]


class Entry(Block):
    """Something with an id, which `explain` explains."""

    id: Identifier


class Sourced(Entry):
    """An entry that says where it comes from."""

    sources: Listed[Identifier] = ()


def cite(schema: dict[str, Any]) -> None:
    """Ask for a source in the schema of an entry."""
    schema["required"].append("sources")
    schema["properties"]["sources"]["minItems"] = 1


class Cited(Sourced):
    """An entry that has to say where it comes from: a schema asks for it, and so do the checks."""

    model_config = ConfigDict(json_schema_extra=cite)


class Source(Block):
    """Where a rule, a figure or a case comes from.

    A source without a title (an article of law, a page whose title was not noted) is described
    in the texts. `dated` says what the date is, when it is not the date of publication.
    """

    author: Text | None = None
    publisher: Text
    title: Text | None = None
    date: PartialDate | None = None
    dated: Literal["after", "consulted", "recalled"] | None = None
    url: Text | None = None
    interest: Literal["none", "vendor", "consultancy", "law-firm"] = "none"


# What a condition says, one of them at least.
_TESTS: dict[str, Any] = {
    "one_of": {"minItems": 1, "doNotSuggest": True},
    "at_least": {"type": "number"},
    "at_most": {"type": "number"},
}


class Condition(Block):
    """A test on a measure, which holds, does not hold, or cannot be told yet."""

    model_config = ConfigDict(
        json_schema_extra={
            "anyOf": [
                {"named": "Condition", "required": [key], "properties": {key: said}}
                for key, said in _TESTS.items()
            ]
        }
    )

    measure: Measure
    one_of: Listed[Text] = ()
    at_least: float | None = None
    at_most: float | None = None

    @model_validator(mode="after")
    def _check(self) -> "Condition":
        if not self.one_of and self.at_least is None and self.at_most is None:
            raise PydanticCustomError("condition-empty", "empty")
        return self

    def holds(self, organisation: Organisation, as_of: date) -> bool | None:
        """Say whether it holds; None when the organisation does not tell."""
        reading = self.measure.read(organisation, as_of)
        if reading.state == "not_applicable":
            return None
        if self.one_of:
            return None if reading.state != "known" else reading.low in self.one_of
        low, high = reading.numbers()
        least = float("-inf") if self.at_least is None else self.at_least
        most = float("inf") if self.at_most is None else self.at_most
        if least <= low and high <= most:
            return True
        return False if high < least or low > most else None


class Network(Block):
    """A network of ambassadors that somebody published, to set a share beside."""

    name: Text
    people: AtLeastOne
    headcount: AtLeastOne
    source: Identifier


class Indicator(Cited):
    """One thing to find out, how it is read, and what it is worth.

    It applies when every condition of `applies_when` and one of `applies_when_any` holds.
    `networks` and `days_each`, the path of the days a month that each person gives, say what a
    share means in people and in days; they change no score.
    """

    weight: Weight = 1.0
    unit: Unit
    measure: Measure
    value: ValueFunction
    basis: Basis
    applies_when: Listed[Condition] = ()
    applies_when_any: Listed[Condition] = ()
    minutes: Annotated[float, Field(gt=0)] = 5.0
    networks: Listed[Network] = ()
    days_each: Text | None = None

    def applies(self, organisation: Organisation, as_of: date) -> bool | None:
        """Say whether the organisation is concerned; None when it does not tell."""
        every = [test.holds(organisation, as_of) for test in self.applies_when]
        some = [test.holds(organisation, as_of) for test in self.applies_when_any]
        if False in every or (some and True not in some and None not in some):
            return False
        return None if None in every or (some and True not in some) else True


class Action(Cited):
    """Something to do, what it costs, what it needs first, and what it brings about.

    `sets` gives for each indicator the raw value that is reached, in the indicator's unit.
    Efforts are in person-days and lead times in days; both are our judgement. `phase` and `role`
    say when a plan does it, and who; without them, the rollout's defaults count.
    """

    sets: dict[Identifier, bool | float | str] = Field(json_schema_extra={"minProperties": 1})
    effort_days: Amount
    lead_time_days: Amount
    requires: Listed[Identifier] = ()
    phase: Identifier | None = None
    role: Identifier | None = None


class Factor(Sourced):
    """One documented reason why rollouts succeed or fail."""

    kind: Literal["factor"]
    weight: Weight
    indicators: Annotated[Listed[Indicator], Field(min_length=1)]
    actions: Listed[Action] = ()


class Level(Entry):
    """A verdict: the phase an organisation is ready for, from a score upwards."""

    score: Value


class Gate(Cited):
    """A condition without which the verdict cannot go past a level, whatever the score.

    `requires` gives for each indicator the least value, from 0 to 1, that opens the gate.
    """

    caps_at: Identifier
    requires: Annotated[dict[Identifier, Value], Field(min_length=1)]
    basis: Basis


class Tension(Entry):
    """Two sources that pull apart, and the factors where it shows."""

    factors: Annotated[Listed[Identifier], Field(min_length=1)]
    sides: Annotated[Listed[Listed[Identifier]], Field(min_length=2)]


class Aggregation(Block):
    """How factors make a score: a weighted mean of power 1, 0 (geometric) or -1 (harmonic).

    `epsilon` shifts the mean so that one zero does not erase all differences; 0 is unshifted.
    """

    power: Literal[1, 0, -1] = 0
    epsilon: Annotated[float, Field(ge=0, lt=1)] = 0.02


class Stability(Block):
    """The weight draws: Dirichlet(kappa x weights), so that a larger kappa spreads less."""

    kappa: Annotated[float, Field(gt=0, le=1e6)] = 40.0
    draws: Annotated[int, Field(ge=1, le=1_000_000)] = 10_000
    seed: Count = 1


class PlaybookFile(Block):
    """What ``playbook.yaml`` says."""

    kind: Literal["playbook"]
    name: Identifier
    version: Version
    extends: Text | None = None
    languages: Annotated[Listed[LanguageCode], Field(min_length=1)]
    aggregation: Aggregation | None = None
    not_applicable_cap: Value | None = None
    stability: Stability | None = None
    effort_budget_days: Amount | None = None
    evidence_fresh_months: Amount | None = None
    weights: dict[Identifier, Weight] = Field(default_factory=dict)
    without: Listed[Identifier] = ()
    levels: Listed[Level] = ()
    gates: Listed[Gate] = ()
    tensions: Listed[Tension] = ()


class SourcesFile(Block):
    """What ``sources.yaml`` says."""

    kind: Literal["sources"]
    sources: dict[Identifier, Source]


class Vector(Block):
    """A described organisation and the result it must have, to catch changes of the playbook."""

    name: Text
    organisation: dict[str, object]
    as_of: Date
    score: Annotated[Listed[float], Field(min_length=2, max_length=2)]
    verdict: Annotated[Listed[Identifier], Field(min_length=2, max_length=2)]


class VectorsFile(Block):
    """What ``vectors.yaml`` says."""

    kind: Literal["vectors"]
    vectors: Listed[Vector]


class FactorTexts(Block):
    """What one language says of a factor."""

    kind: Literal["factor-texts"]
    name: Text
    why: Text
    weight: Text
    indicators: dict[Identifier, "IndicatorTexts"]
    actions: dict[Identifier, "ActionTexts"] = Field(default_factory=dict)


class IndicatorTexts(Block):
    """What one language says of an indicator."""

    name: Text
    question: Text
    why: Text
    gap: Text
    levels: dict[str, Text] = Field(default_factory=dict)
    not_applicable: Text | None = None


class ActionTexts(Block):
    """What one language says of an action."""

    title: Text
    how: Text


class NamedText(Block):
    """A name and what it means."""

    name: Text
    text: Text


class GateTexts(Block):
    """What one language says of a gate: its name, why it is there, how to open it."""

    name: Text
    why: Text
    mend: Text


class TensionTexts(Block):
    """What one language says of a tension: each side, and how the playbook settles it."""

    name: Text
    sides: Annotated[Listed[Text], Field(min_length=2)]
    settled: Text


class PlaybookTexts(Block):
    """What one language says of the playbook's own entries."""

    kind: Literal["playbook-texts"]
    name: Text
    levels: dict[Identifier, NamedText] = Field(default_factory=dict)
    gates: dict[Identifier, GateTexts] = Field(default_factory=dict)
    tensions: dict[Identifier, TensionTexts] = Field(default_factory=dict)
    sources: dict[Identifier, Text] = Field(default_factory=dict)
