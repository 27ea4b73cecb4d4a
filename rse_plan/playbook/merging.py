"""Put a playbook together from its folder and those it extends."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TypeVar

from rse_plan.files import InvalidFileError, load, read_file
from rse_plan.playbook.consistency import faults
from rse_plan.playbook.dropping import without
from rse_plan.playbook.layer import Layer, dropped, read_layers
from rse_plan.playbook.model import Aggregation, Entry, Stability, Vector, VectorsFile
from rse_plan.playbook.playbook import Playbook
from rse_plan.playbook.rollout import Phase, RolloutFile, RolloutTexts

One = TypeVar("One", bound=Entry)
Value = TypeVar("Value")


def read_playbook(folder: Path, language: str) -> Playbook:
    """Read a playbook and those it extends; raise InvalidFileError with every fault of them."""
    layers = read_layers(folder, language)
    if found := faults(layers):
        raise InvalidFileError(found)
    return merged(layers, language)


def read_vectors(folder: Path) -> tuple[Vector, ...]:
    """Return the test vectors that a playbook ships with; none when it has no such file."""
    path = folder / "vectors.yaml"
    return load(VectorsFile, read_file(path)).vectors if path.exists() else ()


def merged(layers: list[Layer], language: str) -> Playbook:
    """Lay layers without a fault over each other, the last having the last word."""
    written = [phase.says for layer in layers for phase in layer.phases.values()]
    return without(dropped(layers), _laid(layers, language), written)


def _laid(layers: list[Layer], language: str) -> Playbook:
    """Lay layers over each other, with what some of them do without."""
    own = layers[-1].file.says
    files = [layer.file.says for layer in layers]
    texts = [layer.texts.says for layer in layers if layer.texts]
    rollouts = [layer.rollout.says for layer in layers if layer.rollout]
    weights = _union(file.weights for file in files)
    return Playbook(
        name=own.name,
        version=own.version,
        extends=tuple(f"{file.name} {file.version}" for file in files[:-1]),
        language=language,
        title=texts[-1].name,
        aggregation=_last((file.aggregation for file in files), Aggregation()),
        not_applicable_cap=_last((file.not_applicable_cap for file in files), 0.2),
        stability=_last((file.stability for file in files), Stability()),
        effort_budget_days=_last((file.effort_budget_days for file in files), 30.0),
        evidence_fresh_months=_last((file.evidence_fresh_months for file in files), 12.0),
        factors=tuple(
            factor.says.model_copy(update={"weight": weights.get(name, factor.says.weight)})
            for name, factor in _union(layer.factors for layer in layers).items()
        ),
        levels=tuple(sorted(_entries(file.levels for file in files), key=lambda x: x.score)),
        gates=_entries(file.gates for file in files),
        tensions=_entries(file.tensions for file in files),
        sources=_union(layer.sources.says.sources for layer in layers if layer.sources),
        phases=_phases(layers, rollouts),
        roles=_entries(rollout.roles for rollout in rollouts),
        audiences=_entries(rollout.audiences for rollout in rollouts),
        documents=tuple(dict.fromkeys(name for one in rollouts for name in one.documents)),
        kpis=_entries(rollout.kpis for rollout in rollouts),
        risks=_entries(rollout.risks for rollout in rollouts),
        decisions=_entries(rollout.decisions for rollout in rollouts),
        budget=_entries(rollout.budget for rollout in rollouts),
        rollout_defaults=_last((rollout.defaults for rollout in rollouts), None),
        factor_texts={
            name: said.says for name, said in _union(layer.factor_texts for layer in layers).items()
        },
        level_texts=_union(said.levels for said in texts),
        gate_texts=_union(said.gates for said in texts),
        tension_texts=_union(said.tensions for said in texts),
        source_texts=_union(said.sources for said in texts),
        phase_texts={
            name: said.says for name, said in _union(layer.phase_texts for layer in layers).items()
        },
        rollout_texts=_rollout_texts(layers),
    )


def _phases(layers: list[Layer], rollouts: list[RolloutFile]) -> tuple[Phase, ...]:
    """Put phases in the order of the last layer that gives one; those it does not name end it."""
    phases = {name: said.says for name, said in _union(layer.phases for layer in layers).items()}
    first = next((rollout.phases for rollout in reversed(rollouts) if rollout.phases), ())
    return tuple(phases[name] for name in dict.fromkeys((*first, *phases)) if name in phases)


def _rollout_texts(layers: list[Layer]) -> RolloutTexts:
    texts = [layer.rollout_texts.says for layer in layers if layer.rollout_texts]
    kinds = RolloutTexts.model_fields.keys() - {"kind"}
    said = {kind: _union(getattr(one, kind) for one in texts) for kind in kinds}
    return RolloutTexts.model_validate({"kind": "rollout-texts", **said})


def _union(mappings: Iterable[Mapping[str, Value]]) -> dict[str, Value]:
    union: dict[str, Value] = {}
    for mapping in mappings:
        union |= mapping
    return union


def _entries(lists: Iterable[Iterable[One]]) -> tuple[One, ...]:
    """Lay lists of entries over each other by id."""
    return tuple(_union({entry.id: entry for entry in entries} for entries in lists).values())


def _last(said: Iterable[Value | None], default: Value) -> Value:
    """Return the setting of the last layer that has one."""
    return next((value for value in reversed(list(said)) if value is not None), default)
