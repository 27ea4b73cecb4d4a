"""What is assessed, explained, and what is said of a file: entries, facts, diagnostic codes."""

from collections.abc import Callable, Iterable, Mapping
from functools import cache, partial
from typing import TypeVar

from rse_plan.documents.explanation.page import Entries, Explanation
from rse_plan.documents.explanation.rollout import RolloutExplainer
from rse_plan.documents.wording import Wording
from rse_plan.files import read_file
from rse_plan.files.resources import shipped
from rse_plan.language import Language
from rse_plan.organisation import Organisation
from rse_plan.organisation.paths import choices, fact_paths, fact_type
from rse_plan.playbook import Playbook
from rse_plan.playbook.model import Action, Entry, Factor, Gate, Indicator, Level, Tension

One = TypeVar("One", bound=Entry)


class Explainer:
    """Explain every id of a playbook, every diagnostic code and every fact, in one language."""

    def __init__(self, playbook: Playbook, language: Language) -> None:
        """Index the ids, each with what explains it."""
        self.playbook = playbook
        self.say = language
        self.words = Wording(language, playbook)
        self._known: dict[str, Callable[[], Explanation]] = {}
        self._know(self._factor, playbook.factors)
        self._know(self._indicator, playbook.indicators.values())
        self._know(self._action, playbook.actions.values())
        self._know(self._gate, playbook.gates)
        self._know(self._level, playbook.levels)
        self._know(self._tension, playbook.tensions)
        self.rollout = RolloutExplainer(self.words)
        for name, page in self.rollout.pages().items():
            self._known.setdefault(name, page)
        for source in playbook.sources:
            self._known[source] = partial(self._source, source)
        for code in language.table("diagnostics")["codes"]:
            self._known.setdefault(code, partial(code_explanation, code, language))
        for indicator in playbook.indicators.values():
            for path in indicator.measure.paths:
                if path.startswith("answers."):
                    self._known.setdefault(path, partial(self._indicator, indicator))
        for path in fact_paths(Organisation):
            self._known.setdefault(path, partial(self._field, path))

    def _know(self, explain: Callable[[One], Explanation], entries: Iterable[One]) -> None:
        for entry in entries:
            self._known[entry.id] = partial(explain, entry)

    @property
    def identifiers(self) -> list[str]:
        """Every id that can be explained."""
        return list(self._known)

    def __call__(self, identifier: str) -> Explanation:
        """Explain one id; raise KeyError for one that names nothing."""
        return self._known[identifier]()

    def index(self) -> list[tuple[str, Entries]]:
        """List every id of the playbook by kind, with its name."""
        kinds: dict[str, list[tuple[str, str]]] = {}
        for identifier in self._known:
            found = self(identifier)
            kinds.setdefault(found.kind, []).append((identifier, found.title))
        return [(kind, tuple(entries)) for kind, entries in kinds.items()]

    def _factor(self, factor: Factor) -> Explanation:
        texts = self.playbook.factor_texts[factor.id]
        total = sum(other.weight for other in self.playbook.factors)
        weight = self.say.percent(factor.weight / total, 1)
        tensions = [t for t in self.playbook.tensions if factor.id in t.factors]
        return Explanation(
            factor.id,
            self.say("explain.kinds.factor"),
            texts.name,
            (
                (self.say("explain.why"), texts.why),
                (self.say("explain.weight", weight=weight), texts.weight),
            ),
            self._lists(
                indicators=[(i.id, self.words.indicator(i.id)) for i in factor.indicators],
                actions=[(a.id, self.playbook.action_texts(a.id).title) for a in factor.actions],
                tensions=[(t.id, self.playbook.tension_texts[t.id].name) for t in tensions],
            ),
            self._sources(factor.sources),
        )

    def _indicator(self, indicator: Indicator) -> Explanation:
        texts = self.playbook.indicator_texts(indicator.id)
        factor = self.playbook.factor_of[indicator.id]
        total = sum(other.weight for other in factor.indicators)
        paragraphs = [
            (self.say("explain.question"), texts.question),
            (self.say("explain.why"), texts.why),
            (self.say("explain.rule"), self.words.rule(indicator)),
            (self.say("explain.basis"), self.words.basis(indicator)),
            (
                self.say("explain.weight", weight=self.say.percent(indicator.weight / total)),
                self.say("explain.within", factor=self.words.factor(factor.id)),
            ),
            (self.say("explain.facts"), self.say.listed(indicator.measure.all_paths)),
        ]
        if texts.not_applicable:
            paragraphs.append((self.say("explain.not_applicable"), texts.not_applicable))
        actions = [a for a in self.playbook.actions.values() if indicator.id in a.sets]
        gates = [g for g in self.playbook.gates if indicator.id in g.requires]
        networks = dict.fromkeys(network.source for network in indicator.networks)
        return Explanation(
            indicator.id,
            self.say("explain.kinds.indicator"),
            texts.name,
            tuple(paragraphs),
            self._lists(
                factor=[(factor.id, self.words.factor(factor.id))],
                actions=[(a.id, self.playbook.action_texts(a.id).title) for a in actions],
                gates=[(g.id, self.playbook.gate_texts[g.id].name) for g in gates],
            ),
            self._sources(dict.fromkeys((*indicator.sources, *networks))),
        )

    def _action(self, action: Action) -> Explanation:
        texts = self.playbook.action_texts(action.id)
        factor = self.playbook.factor_of[action.id]
        reached = [
            (name, self.say("explain.reached", name=self.words.indicator(name), raw=raw))
            for name, value in action.sets.items()
            for raw in [self.words.raw(self.playbook.indicators[name], value)]
        ]
        effort = self.say(
            "explain.effort_line",
            count=action.effort_days,
            days=self.say.number(action.effort_days, 1),
            lead=self.say.number(action.lead_time_days),
        )
        return Explanation(
            action.id,
            self.say("explain.kinds.action"),
            texts.title,
            ((self.say("explain.how"), texts.how), (self.say("explain.effort"), effort)),
            self._lists(
                factor=[(factor.id, self.words.factor(factor.id))],
                sets=reached,
                requires=[(n, self.playbook.action_texts(n).title) for n in action.requires],
            )
            + self.rollout.place(action),
            self._sources(action.sources),
        )

    def _gate(self, gate: Gate) -> Explanation:
        texts = self.playbook.gate_texts[gate.id]
        required = [
            (name, self.say("explain.required", name=self.words.indicator(name), least=least))
            for name, value in gate.requires.items()
            for least in [self.say.percent(value)]
        ]
        cap = self.say("explain.cap_line", level=self.words.level(gate.caps_at))
        return Explanation(
            gate.id,
            self.say("explain.kinds.gate"),
            texts.name,
            (
                (self.say("explain.why"), texts.why),
                (self.say("explain.cap"), cap),
                (self.say("explain.basis"), self.say(f"basis.{gate.basis}")),
                (self.say("explain.mend"), texts.mend),
            ),
            self._lists(indicators=required),
            self._sources(gate.sources),
        )

    def _level(self, level: Level) -> Explanation:
        texts = self.playbook.level_texts[level.id]
        score = self.say("explain.level_line", score=self.say.percent(level.score))
        capped = [g for g in self.playbook.gates if g.caps_at == level.id]
        return Explanation(
            level.id,
            self.say("explain.kinds.level"),
            texts.name,
            ((self.say("explain.meaning"), texts.text), (self.say("explain.from"), score)),
            self._lists(caps=[(g.id, self.playbook.gate_texts[g.id].name) for g in capped]),
        )

    def _tension(self, tension: Tension) -> Explanation:
        texts = self.playbook.tension_texts[tension.id]
        sides = [(self.say("explain.side"), side) for side in texts.sides]
        return Explanation(
            tension.id,
            self.say("explain.kinds.tension"),
            texts.name,
            (*sides, (self.say("explain.settled"), texts.settled)),
            self._lists(factors=[(name, self.words.factor(name)) for name in tension.factors]),
            self._sources(dict.fromkeys(name for side in tension.sides for name in side)),
        )

    def _source(self, name: str) -> Explanation:
        source, book = self.playbook.sources[name], self.playbook
        url = [(self.say("explain.address"), source.url)] if source.url else []
        return Explanation(
            name,
            self.say("explain.kinds.source"),
            self.words.citation(name),
            tuple(url),
            self._lists(
                factors=[
                    (f.id, self.words.factor(f.id)) for f in book.factors if name in f.sources
                ],
                indicators=[
                    (i.id, self.words.indicator(i.id))
                    for i in book.indicators.values()
                    if name in i.sources
                ],
                gates=[(g.id, book.gate_texts[g.id].name) for g in book.gates if name in g.sources],
            )
            + self.rollout.citing(name),
        )

    def _field(self, path: str) -> Explanation:
        block, name = fact_paths(Organisation)[path]
        table = self.say.table("organisation")
        texts = table["blocks"][block.__name__]["fields"][name]
        options = choices(fact_type(Organisation, path))
        paragraphs = [(self.say("explain.write"), texts["description"])]
        if options:
            labels = next(one for one in table["choices"].values() if one.keys() == set(options))
            written = (f"{option} ({labels[option]})" for option in options)
            paragraphs.append((self.say("explain.options"), self.say.listed(written)))
        readers = [i for i in self.playbook.indicators.values() if path in i.measure.all_paths]
        return Explanation(
            path,
            self.say("explain.kinds.field"),
            texts["title"],
            tuple(paragraphs),
            self._lists(indicators=[(i.id, self.words.indicator(i.id)) for i in readers]),
        )

    def _lists(self, **lists: list[tuple[str, str]]) -> tuple[tuple[str, Entries], ...]:
        return tuple(
            (self.say(f"explain.lists.{name}"), tuple(entries))
            for name, entries in lists.items()
            if entries
        )

    def _sources(self, names: Iterable[str]) -> Entries:
        return tuple((name, self.words.citation(name)) for name in names)


def code_explanation(code: str, say: Language) -> Explanation:
    """Explain a diagnostic code: why it is a fault, how to mend it, an example of both."""
    table = say.table("diagnostics")
    texts = table["codes"][code]
    paragraphs = [(say("explain.why"), texts["why"])]
    if mend := texts.get("hint") or texts.get("mend"):
        paragraphs.append((say("explain.mend"), _unfilled(mend, table["places"])))
    examples = [(table["examples"][kind], text) for kind, text in _examples().get(code, {}).items()]
    return Explanation(
        code,
        say("explain.kinds.code"),
        _unfilled(texts["message"], table["places"]),
        tuple(paragraphs),
        examples=tuple(examples),
    )


def _unfilled(words: str, places: Mapping[str, str]) -> str:
    """Name what will stand in the places of values."""
    return words.format_map({name: f"‹{word}›" for name, word in places.items()})


@cache
def _examples() -> dict[str, dict[str, str]]:
    """Read the examples of all codes: a wrong one, then a right one."""
    examples: dict[str, dict[str, str]] = read_file(shipped("templates") / "examples.yaml").data
    return examples
