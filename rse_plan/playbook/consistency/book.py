"""What must hold between the files of a playbook: ids, references, texts, paths, choices."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from graphlib import CycleError, TopologicalSorter
from math import inf
from typing import Any, get_args

from rse_plan.files import Diagnostic, Document, Location, closest
from rse_plan.organisation import Organisation
from rse_plan.organisation.model import Block
from rse_plan.organisation.paths import blocks, choices, fact_paths, fact_type, kind_of
from rse_plan.playbook.layer import Layer, dropped
from rse_plan.playbook.measures import Covers, FactMeasure, Measure
from rse_plan.playbook.model import Action, Condition, Indicator
from rse_plan.playbook.reading import Raw
from rse_plan.playbook.values import LIMITS, UnreadableError


@dataclass(frozen=True)
class Placed:
    """An entry and where it stands."""

    entry: Any
    document: Document
    location: Location

    def fault(self, code: str, *below: str | int, **values: object) -> Diagnostic:
        """Report it as wrong, at what stands `below` it."""
        span = self.document.span((*self.location, *below))
        return Diagnostic(self.document.path, code, span, values=values)

    def warning(self, code: str, *below: str | int, **values: object) -> Diagnostic:
        """Report it as doubtful, at what stands `below` it."""
        return replace(self.fault(code, *below, **values), severity="warning")


def faults(layers: list[Layer]) -> list[Diagnostic]:
    """List what does not hold between the files of a playbook and of those it extends."""
    book = Book(layers)
    return [
        *book.duplicate_ids(),
        *book.unknown_references(),
        *book.factor_text_faults(),
        *book.playbook_text_faults(),
        *book.indicator_faults(),
        *book.sourceless(),
        *book.action_faults(),
        *book.cycles(),
        *book.level_faults(),
    ]


class Book:
    """The entries of all layers, each with its place, the later layers having the last word."""

    def __init__(self, layers: list[Layer]) -> None:
        self.layers = layers
        self.own = Placed(layers[-1].file.says, layers[-1].file.document, ())
        self.factors: dict[str, Placed] = {}
        self.depths: dict[str, int] = {}
        for depth, layer in enumerate(layers):
            self.depths[layer.file.document.path] = depth
            for name, factor in layer.factors.items():
                self.factors[name] = Placed(factor.says, factor.document, ())
                self.depths[factor.document.path] = depth
        self.levels = self._entries("levels")
        self.gates = self._entries("gates")
        self.tensions = self._entries("tensions")
        # Also what is dropped, which may be named.
        self.known = {**self.factors, **self.levels, **self.gates, **self.tensions}
        for named in (self.factors, self.levels, self.gates, self.tensions):
            for name in dropped(layers) & named.keys():
                del named[name]
        self.indicators = list(self._inside_factors("indicators"))
        self.actions = list(self._inside_factors("actions"))
        self.sources = {s for layer in layers if layer.sources for s in layer.sources.says.sources}

    def _inside_factors(self, name: str) -> Iterator[Placed]:
        for factor in self.factors.values():
            for index, entry in enumerate(getattr(factor.entry, name)):
                yield Placed(entry, factor.document, (name, index))

    def _entries(self, name: str) -> dict[str, Placed]:
        return {
            entry.id: Placed(entry, layer.file.document, (name, index))
            for layer in self.layers
            for index, entry in enumerate(getattr(layer.file.says, name))
        }

    def duplicate_ids(self) -> Iterator[Diagnostic]:
        """Find entries of one id, of whatever kind: `explain` could not tell them apart."""
        for layer in self.layers:
            for name in ("levels", "gates", "tensions"):
                seen: set[str] = set()
                for index, entry in enumerate(getattr(layer.file.says, name)):
                    if entry.id in seen:
                        placed = Placed(entry, layer.file.document, (name, index))
                        yield placed.fault("duplicate-id", "id", id=entry.id)
                    seen.add(entry.id)
        taken: set[str] = set(self.sources)
        # The later layer is to blame.
        for placed in sorted(self._all(), key=lambda one: self.depths[one.document.path]):
            if placed.entry.id in taken:
                yield placed.fault("duplicate-id", "id", id=placed.entry.id)
            taken.add(placed.entry.id)

    def _all(self) -> list[Placed]:
        named = (self.factors, self.levels, self.gates, self.tensions)
        return [
            *(placed for entries in named for placed in entries.values()),
            *self.indicators,
            *self.actions,
        ]

    def unknown_references(self) -> Iterator[Diagnostic]:
        """Find names of things that are nowhere."""
        indicators = {placed.entry.id for placed in self.indicators}
        # What a dropped factor held is no longer required nor set; other names are faults.
        required = {placed.entry.id for placed in self.actions} | self._dropped_entries()
        settable = indicators | self._dropped_entries()
        for placed in (*self.factors.values(), *self.indicators, *self.actions):
            yield from _unknown(placed, ("sources",), placed.entry.sources, self.sources)
        for placed in self.indicators:
            for index, network in enumerate(placed.entry.networks):
                where = ("networks", index, "source")
                yield from _unknown(placed, where, network.source, self.sources)
        for placed in self.actions:
            yield from _unknown(placed, ("requires",), placed.entry.requires, required)
            yield from _unknown(placed, ("sets",), placed.entry.sets, settable)
        for placed in self.gates.values():
            yield from _unknown(placed, ("caps_at",), placed.entry.caps_at, self.levels)
            yield from _unknown(placed, ("requires",), placed.entry.requires, indicators)
            yield from _unknown(placed, ("sources",), placed.entry.sources, self.sources)
        for placed in self.tensions.values():
            yield from _unknown(placed, ("factors",), placed.entry.factors, self.known)
            for index, side in enumerate(placed.entry.sides):
                yield from _unknown(placed, ("sides", index), side, self.sources)
        yield from _unknown(self.own, ("weights",), self.own.entry.weights, self.factors)
        yield from _unknown(self.own, ("without",), self.own.entry.without, self.known)

    def _dropped_entries(self) -> set[str]:
        """Return the ids that stand in factors which are dropped or replaced."""
        return {
            entry.id
            for layer in self.layers
            for name, factor in layer.factors.items()
            if name not in self.factors or self.factors[name].entry is not factor.says
            for entry in (*factor.says.indicators, *factor.says.actions)
        }

    def factor_text_faults(self) -> Iterator[Diagnostic]:
        """Find texts of factors that are missing, and texts of nothing."""
        texts: dict[str, Placed] = {}
        for layer in self.layers:
            for name, loaded in layer.factor_texts.items():
                texts[name] = Placed(loaded.says, loaded.document, ())
                if name not in layer.factors:
                    yield texts[name].fault("unused-text", id=name)
        for name, factor in self.factors.items():
            if name not in texts:
                yield factor.fault("missing-text", id=name, file=f"texts/…/{name}.yaml")
                continue
            said = texts[name]
            for kind in ("indicators", "actions"):
                ids = [entry.id for entry in getattr(factor.entry, kind)]
                yield from _compare(said, (kind,), getattr(said.entry, kind), ids)
            for entry in factor.entry.indicators:
                yield from _indicator_texts(said, entry)

    def playbook_text_faults(self) -> Iterator[Diagnostic]:
        """Find texts of the playbook's own entries that are missing, and texts of nothing."""
        for layer in self.layers:
            if layer.texts is None:
                file = Placed(None, layer.file.document, ())
                name = layer.file.says.name
                yield file.fault("missing-text", id=name, file="texts/…/playbook.yaml")
                continue
            said = Placed(layer.texts.says, layer.texts.document, ())
            for kind in ("levels", "gates", "tensions"):
                ids = [entry.id for entry in getattr(layer.file.says, kind)]
                yield from _compare(said, (kind,), getattr(said.entry, kind), ids)
            listed = layer.sources.says.sources if layer.sources else {}
            untitled = [name for name, source in listed.items() if source.title is None]
            yield from _compare(said, ("sources",), said.entry.sources, untitled)

    def indicator_faults(self) -> Iterator[Diagnostic]:
        """Find facts that are not in an organisation or of another kind, and missing sources."""
        for placed in self.indicators:
            entry: Indicator = placed.entry
            yield from _measure_faults(placed, ("measure",), entry.measure)
            for name in ("applies_when", "applies_when_any"):
                for index, condition in enumerate(getattr(entry, name)):
                    where = (name, index, "measure")
                    yield from _measure_faults(placed, where, condition.measure)
                    yield from _condition_faults(placed, (name, index), condition)
            yield from _level_faults(placed)
            found, scored = _gives(entry.measure), _SCORES[entry.value.type]
            if found not in {scored, None}:
                yield _mismatch(placed, ("value",), found, entry.value.type, scored)
            if entry.unit not in _UNITS[scored]:
                units = " / ".join(sorted(_UNITS[scored]))
                yield _mismatch(placed, ("unit",), entry.unit, entry.value.type, units)
            if entry.days_each:
                yield from _path_faults(
                    placed, ("days_each",), Organisation, (entry.days_each, "number"), "days_each"
                )

    def sourceless(self) -> Iterator[Diagnostic]:
        """Find rules and advice that nobody is named for."""
        for placed in (*self.indicators, *self.actions, *self.gates.values()):
            if not placed.entry.sources:
                yield placed.fault("no-source", id=placed.entry.id)

    def action_faults(self) -> Iterator[Diagnostic]:
        """Find actions that set nothing, or that set a value the indicator cannot have."""
        indicators = {placed.entry.id: placed.entry for placed in self.indicators}
        for placed in self.actions:
            action: Action = placed.entry
            if not action.sets:
                yield placed.fault("sets-nothing", id=action.id)
            for name, raw in action.sets.items():
                if name in indicators and not _takes(indicators[name], raw):
                    yield placed.fault("wrong-value", "sets", name, indicator=name, found=raw)

    def cycles(self) -> Iterator[Diagnostic]:
        """Find actions that require each other."""
        placed = {action.entry.id: action for action in self.actions}
        try:
            TopologicalSorter(
                {name: action.entry.requires for name, action in placed.items()}
            ).prepare()
        except CycleError as error:
            names = error.args[1]
            yield placed[names[0]].fault("cycle", "requires", ids=" → ".join(names))

    def level_faults(self) -> Iterator[Diagnostic]:
        """Find levels that cannot be told apart, or that leave low scores without a verdict."""
        scores = [placed.entry.score for placed in self.levels.values()]
        if 0 not in scores or len(set(scores)) < len(scores):
            yield self.own.fault("levels", "levels")
        if not self.factors:
            yield self.own.fault("no-factor")


def _unknown(
    placed: Placed,
    where: Location,
    named: str | Iterable[str],
    known: Collection[str],
    code: str = "unknown-reference",
    **values: object,
) -> Iterator[Diagnostic]:
    names = [named] if isinstance(named, str) else list(named)
    for index, name in enumerate(names):
        if name not in known:
            key = name if (*placed.location, *where, name) in placed.document else index
            fault = placed.fault(code, *where, key, id=name, **values)
            yield replace(fault, suggestion=closest(name, known))


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


# What each value function can score, and what measures give that do not give a number.
_SCORES = {"boolean": "boolean", "level": "level", "linear": "number", "band": "number"}
_UNITS = {
    "boolean": {"boolean"},
    "level": {"level"},
    "number": {"share", "count", "number", "months", "points"},
}
_GIVES = {"given": "boolean", "before": "boolean"}


def _measure_faults(placed: Placed, where: Location, measure: Measure) -> Iterator[Diagnostic]:
    """Find facts that a measure cannot find, or cannot read."""
    for read in measure.reads:
        yield from _path_faults(placed, where, Organisation, read, measure.type)
    if isinstance(measure, Covers):
        yield from _choice_faults(placed, (*where, "required"), measure.required, measure.of)
    if not measure.item_reads:
        return
    listed = fact_type(Organisation, measure.paths[0])
    item = next((kind for kind in blocks(listed)), None)
    if item is not None:
        for read in measure.item_reads:
            yield from _path_faults(placed, where, item, read, measure.type)


def _path_faults(
    placed: Placed, where: Location, model: type[Block], read: tuple[str, str], reader: str
) -> Iterator[Diagnostic]:
    path, wanted = read
    if model is Organisation and path.startswith("answers."):
        return
    kind = fact_type(model, path)
    if kind is None:
        fault = placed.fault("unknown-path", *where, path=path)
        yield replace(fault, suggestion=closest(path, fact_paths(model)))
    elif wanted not in {"any", kind_of(kind)}:
        yield _mismatch(placed, where, kind_of(kind), reader, wanted)


def _condition_faults(
    placed: Placed, where: Location, condition: Condition
) -> Iterator[Diagnostic]:
    found = _gives(condition.measure)
    wanted = {"level"} if condition.one_of else {"number", "boolean"}
    if found is not None and found not in wanted:
        yield _mismatch(placed, where, found, "condition", " / ".join(sorted(wanted)))
    if isinstance(condition.measure, FactMeasure):
        one_of = (*where, "one_of")
        yield from _choice_faults(placed, one_of, condition.one_of, condition.measure.of)
    low, high = condition.at_least, condition.at_most
    if low is not None and high is not None and low > high:
        yield placed.fault("bounds-crossed", *where, low=f"{low:g}", high=f"{high:g}")


def _level_faults(placed: Placed) -> Iterator[Diagnostic]:
    """Find levels that are not those of the choice they score: some answers have no value then."""
    measure, value = placed.entry.measure, placed.entry.value
    if value.type != "level" or _gives(measure) != "level":
        return
    where, allowed = ("value", "levels"), _choices(fact_type(Organisation, measure.of))
    if not allowed:
        yield _mismatch(placed, ("value",), "text", value.type, "level")
        return
    yield from _choice_faults(placed, where, value.levels, measure.of)
    for choice in allowed:
        if choice not in value.levels:
            yield placed.fault("level-without-value", *where, id=choice, path=measure.of)
    if sorted(allowed) == sorted(value.levels) and allowed != tuple(value.levels):
        values = {"path": measure.of, "allowed": ", ".join(allowed)}
        yield placed.fault("levels-out-of-order", *where, **values)


def _choice_faults(
    placed: Placed, where: Location, named: Iterable[str], path: str
) -> Iterator[Diagnostic]:
    """Find names of none of the choices that a fact has; those of an answer are not known."""
    if allowed := _choices(fact_type(Organisation, path)):
        listed = ", ".join(allowed)
        yield from _unknown(
            placed, where, named, allowed, "unknown-choice", path=path, allowed=listed
        )


def _choices(said: Any) -> tuple[str, ...]:
    """List the values of a choice, or of a list of choices."""
    inside = (found for part in get_args(said) if (found := _choices(part)))
    return choices(said) or next(inside, ())


def _takes(indicator: Indicator, raw: Raw) -> bool:
    """Say whether an indicator can have a raw value."""
    least, most = LIMITS.get(indicator.unit, (-inf, inf))
    try:
        indicator.value.at(raw)
    except UnreadableError:
        return False
    return isinstance(raw, str) or least <= raw <= most


def _mismatch(
    placed: Placed, where: Location, found: str | None, reader: str, wanted: str
) -> Diagnostic:
    identifier = placed.entry.id
    return placed.fault(
        "kind-mismatch", *where, id=identifier, found=found, reader=reader, wanted=wanted
    )


def _gives(measure: Measure) -> str | None:
    """Say what kind of raw value a measure gives; None when only the answer will tell."""
    if not isinstance(measure, FactMeasure):
        return _GIVES.get(measure.type, "number")
    kind = fact_type(Organisation, measure.of)
    return None if kind is None else kind_of(kind)
