"""The whole catalogue in one language, put together from a folder and those it extends."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from rse_plan.files import InvalidFileError, load, read_file
from rse_plan.playbook.consistency import faults
from rse_plan.playbook.layer import Layer, dropped, read_layers
from rse_plan.playbook.model import (
    Action,
    ActionTexts,
    Aggregation,
    Factor,
    FactorTexts,
    Gate,
    GateTexts,
    Indicator,
    IndicatorTexts,
    Level,
    NamedText,
    PlaybookFile,
    Source,
    Stability,
    Tension,
    TensionTexts,
    Vector,
    VectorsFile,
)

One = TypeVar("One", Level, Gate, Tension)
Value = TypeVar("Value")


@dataclass(frozen=True)
class Playbook:
    """What is asked, how it is scored, what follows from it, and why.

    Factors come heaviest first, levels lowest first. Weights are those of the playbook, not
    yet divided by their sum. `extends` names the playbooks below it, with their versions.
    """

    name: str
    version: str
    extends: tuple[str, ...]
    language: str
    title: str
    aggregation: Aggregation
    not_applicable_cap: float
    stability: Stability
    effort_budget_days: float
    evidence_fresh_months: float
    factors: tuple[Factor, ...]
    levels: tuple[Level, ...]
    gates: tuple[Gate, ...]
    tensions: tuple[Tension, ...]
    sources: Mapping[str, Source]
    factor_texts: Mapping[str, FactorTexts]
    level_texts: Mapping[str, NamedText]
    gate_texts: Mapping[str, GateTexts]
    tension_texts: Mapping[str, TensionTexts]
    source_texts: Mapping[str, str]

    @cached_property
    def indicators(self) -> dict[str, Indicator]:
        """Every indicator by its id."""
        return {i.id: i for factor in self.factors for i in factor.indicators}

    @cached_property
    def actions(self) -> dict[str, Action]:
        """Every action by its id."""
        return {a.id: a for factor in self.factors for a in factor.actions}

    @cached_property
    def factor_of(self) -> dict[str, Factor]:
        """The factor of every factor, indicator and action, by id."""
        return {
            entry.id: factor
            for factor in self.factors
            for entry in (factor, *factor.indicators, *factor.actions)
        }

    def indicator_texts(self, indicator: str) -> IndicatorTexts:
        """Return what the language says of an indicator."""
        return self.factor_texts[self.factor_of[indicator].id].indicators[indicator]

    def action_texts(self, action: str) -> ActionTexts:
        """Return what the language says of an action."""
        return self.factor_texts[self.factor_of[action].id].actions[action]

    @cached_property
    def ranks(self) -> dict[str, int]:
        """The place of every level, 0 being the lowest."""
        return {level.id: rank for rank, level in enumerate(self.levels)}


def read_playbook(folder: Path, language: str) -> Playbook:
    """Read a playbook and those it extends; raise InvalidFileError with every fault of them."""
    layers = read_layers(folder, language)
    if found := faults(layers):
        raise InvalidFileError(found)
    return merged(layers, language)


def merged(layers: list[Layer], language: str) -> Playbook:
    """Lay layers without a fault over each other, the last having the last word."""
    own = layers[-1].file.says
    texts = [layer.texts.says for layer in layers if layer.texts]
    weights = _union(layer.file.says.weights for layer in layers)
    unwanted = dropped(layers)
    factors = [
        factor.says.model_copy(update={"weight": weights.get(name, factor.says.weight)})
        for name, factor in _union(layer.factors for layer in layers).items()
        if name not in unwanted
    ]
    return Playbook(
        name=own.name,
        version=own.version,
        extends=tuple(f"{layer.file.says.name} {layer.file.says.version}" for layer in layers[:-1]),
        language=language,
        title=texts[-1].name,
        aggregation=_last(layers, "aggregation", Aggregation()),
        not_applicable_cap=_last(layers, "not_applicable_cap", 0.2),
        stability=_last(layers, "stability", Stability()),
        effort_budget_days=_last(layers, "effort_budget_days", 30.0),
        evidence_fresh_months=_last(layers, "evidence_fresh_months", 12.0),
        factors=_related(factors),
        levels=tuple(sorted(_entries(layers, lambda file: file.levels), key=lambda x: x.score)),
        gates=_entries(layers, lambda file: file.gates),
        tensions=_limited(_entries(layers, lambda file: file.tensions), factors),
        sources=_union(layer.sources.says.sources for layer in layers if layer.sources),
        factor_texts={
            name: said.says for name, said in _union(layer.factor_texts for layer in layers).items()
        },
        level_texts=_union(said.levels for said in texts),
        gate_texts=_union(said.gates for said in texts),
        tension_texts=_union(said.tensions for said in texts),
        source_texts=_union(said.sources for said in texts),
    )


def read_vectors(folder: Path) -> tuple[Vector, ...]:
    """Return the test vectors that a playbook ships with; none when it has no such file."""
    path = folder / "vectors.yaml"
    return load(VectorsFile, read_file(path)).vectors if path.exists() else ()


def _union(mappings: Iterable[Mapping[str, Value]]) -> dict[str, Value]:
    union: dict[str, Value] = {}
    for mapping in mappings:
        union |= mapping
    return union


def _entries(layers: list[Layer], of: Callable[[PlaybookFile], Iterable[One]]) -> tuple[One, ...]:
    """Lay lists of entries over each other by id, without those that are dropped."""
    unwanted = dropped(layers)
    named = _union({entry.id: entry for entry in of(layer.file.says)} for layer in layers)
    return tuple(entry for name, entry in named.items() if name not in unwanted)


def _related(factors: list[Factor]) -> tuple[Factor, ...]:
    """Put the heaviest first, and forget what actions had to do with factors that are dropped."""
    indicators = {indicator.id for factor in factors for indicator in factor.indicators}
    actions = {action.id for factor in factors for action in factor.actions}

    def kept(action: Action) -> Action:
        sets = {name: raw for name, raw in action.sets.items() if name in indicators}
        requires = tuple(name for name in action.requires if name in actions)
        return action.model_copy(update={"sets": sets, "requires": requires})

    related = [
        factor.model_copy(update={"actions": tuple(kept(action) for action in factor.actions)})
        for factor in factors
    ]
    return tuple(sorted(related, key=lambda factor: (-factor.weight, factor.id)))


def _limited(tensions: tuple[Tension, ...], factors: list[Factor]) -> tuple[Tension, ...]:
    """Forget the tensions of factors that are dropped."""
    known = {factor.id for factor in factors}
    limited = [
        tension.model_copy(update={"factors": tuple(f for f in tension.factors if f in known)})
        for tension in tensions
    ]
    return tuple(tension for tension in limited if tension.factors)


def _last(layers: list[Layer], name: str, default: Value) -> Value:
    """Return the setting of the last layer that has one."""
    said = [getattr(layer.file.says, name) for layer in layers]
    return next((value for value in reversed(said) if value is not None), default)
