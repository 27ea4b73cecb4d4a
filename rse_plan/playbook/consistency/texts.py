"""Texts that are missing in a language, and texts of nothing."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import TypeVar

from pydantic import BaseModel

from rse_plan.files import Diagnostic, Location
from rse_plan.playbook.consistency.book import IN_FILE, IN_ROLLOUT, Book, Placed
from rse_plan.playbook.layer import Layer, Loaded
from rse_plan.playbook.model import Indicator

Texts = TypeVar("Texts", bound=BaseModel)


def text_faults(book: Book) -> Iterator[Diagnostic]:
    """Find texts that are missing, and texts of nothing."""
    for layer in book.layers:
        yield from _of_no_file(layer.factor_texts, layer.factors)
        yield from _of_no_file(layer.phase_texts, layer.phases)
        yield from _playbook_texts(layer)
        yield from _rollout_texts(layer)
    factor_texts = _last(layer.factor_texts for layer in book.layers)
    for name, factor in book.factors.items():
        if said := factor_texts.get(name):
            yield from _factor_texts(said, factor)
        else:
            yield factor.fault("missing-text", id=name, file=f"texts/…/{name}.yaml")
    phase_texts = _last(layer.phase_texts for layer in book.layers)
    for name, phase in book.phases.items():
        if said := phase_texts.get(name):
            yield from _phase_texts(said, phase)
        else:
            yield phase.fault("missing-text", id=name, file=f"texts/…/phases/{name}.yaml")


def _of_no_file(texts: Mapping[str, Loaded[Texts]], known: Collection[str]) -> Iterator[Diagnostic]:
    for name, said in texts.items():
        if name not in known:
            yield Placed(said.says, said.document).fault("unused-text", id=name)


def _last(layers: Iterable[Mapping[str, Loaded[Texts]]]) -> dict[str, Placed]:
    return {
        name: Placed(said.says, said.document) for texts in layers for name, said in texts.items()
    }


def _playbook_texts(layer: Layer) -> Iterator[Diagnostic]:
    """Compare the texts of what `playbook.yaml` and `sources.yaml` name."""
    if layer.texts is None:
        file = Placed(layer.file.says, layer.file.document)
        yield file.fault("missing-text", id=file.entry.name, file="texts/…/playbook.yaml")
        return
    said = Placed(layer.texts.says, layer.texts.document)
    for kind in IN_FILE:
        ids = [entry.id for entry in getattr(layer.file.says, kind)]
        yield from _compare(said, (kind,), getattr(said.entry, kind), ids)
    listed = layer.sources.says.sources if layer.sources else {}
    untitled = [name for name, source in listed.items() if source.title is None]
    yield from _compare(said, ("sources",), said.entry.sources, untitled)


def _rollout_texts(layer: Layer) -> Iterator[Diagnostic]:
    """Compare the texts of what `rollout.yaml` names; a file that names nothing needs none."""
    named = {kind: list(_named_in(layer, kind)) for kind in IN_ROLLOUT}
    if layer.rollout_texts:
        said = Placed(layer.rollout_texts.says, layer.rollout_texts.document)
        for kind, ids in named.items():
            yield from _compare(said, (kind,), getattr(said.entry, kind), ids)
    elif layer.rollout and any(named.values()):
        file = Placed(layer.rollout.says, layer.rollout.document)
        yield file.fault("missing-text", id="rollout", file="texts/…/rollout.yaml")


def _named_in(layer: Layer, kind: str) -> Iterator[str]:
    if layer.rollout:
        file = Placed(layer.rollout.says, layer.rollout.document)
        yield from (one.entry.id for one in file.inside(kind))


def _factor_texts(said: Placed, factor: Placed) -> Iterator[Diagnostic]:
    for kind in ("indicators", "actions"):
        ids = [entry.id for entry in getattr(factor.entry, kind)]
        yield from _compare(said, (kind,), getattr(said.entry, kind), ids)
    for entry in factor.entry.indicators:
        yield from _indicator_texts(said, entry)


def _indicator_texts(said: Placed, indicator: Indicator) -> Iterator[Diagnostic]:
    texts = said.entry.indicators.get(indicator.id)
    if texts is None:
        return
    where = ("indicators", indicator.id)
    levels = indicator.value.levels if indicator.value.type == "level" else {}
    yield from _compare(said, (*where, "levels"), texts.levels, levels)
    concerned = indicator.applies_when or indicator.applies_when_any
    asked = ["not_applicable"] if concerned else []
    given = ["not_applicable"] if texts.not_applicable else []
    yield from _compare(said, where, given, asked)


def _phase_texts(said: Placed, phase: Placed) -> Iterator[Diagnostic]:
    ids = [task.id for task in phase.entry.tasks]
    yield from _compare(said, ("tasks",), said.entry.tasks, ids)
    gate, texts = phase.entry.gate, said.entry.gate
    yield from _compare(said, (), ["gate"] if texts else [], ["gate"] if gate else [])
    if gate and texts:
        ids = [criterion.id for criterion in gate.criteria]
        yield from _compare(said, ("gate", "criteria"), texts.criteria, ids)


def _compare(
    said: Placed, where: Location, texts: Iterable[str], ids: Iterable[str]
) -> Iterator[Diagnostic]:
    texts, ids = list(texts), list(ids)
    for missing in ids:
        if missing not in texts:
            yield said.fault("missing-text", *where, id=missing, file=said.document.path)
    for unused in texts:
        if unused not in ids:
            yield said.fault("unused-text", *where, unused, id=unused)
