"""Which fact to ask for next, and what it would settle.

Questions come factor by factor, the factor first that weighs most for each minute of asking, and
within it what would settle most. That order rests on nothing but the playbook and the data, so an
interview that was broken off goes on where it was. A fact that was asked for stands in the data, as
``unknown`` when nobody knew.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Literal, NamedTuple, get_args

from rse_plan.assessment import Assessment, assess
from rse_plan.checks.answers import check_answers
from rse_plan.checks.organisation import check_organisation
from rse_plan.files import Diagnostic, Document, InvalidFileError
from rse_plan.files.writer import written
from rse_plan.organisation import Organisation, read_organisation
from rse_plan.organisation.fact import Named
from rse_plan.organisation.model import Block
from rse_plan.organisation.paths import blocks, choices, fact_paths, fact_type, kind_of
from rse_plan.playbook import Playbook
from rse_plan.playbook.model import Factor, Indicator

# What everybody is asked first: conditions of the playbook rest on it, and so do reports.
IDENTITY = ("sector", "headcount", "countries", "employer.type")

Data = dict[str, Any]
Kind = Literal[
    "boolean", "choice", "number", "share", "date", "text", "countries", "list", "items"
]  # fmt: skip


class Form(NamedTuple):
    """What an answer looks like; an item is a block with an entry for each thing in a list."""

    kind: Kind
    choices: tuple[str, ...] = ()
    item: type[Block] | None = None


class Question(NamedTuple):
    """A fact to ask for, and the indicator that needs it; none for what says who is asked."""

    path: str
    form: Form
    indicator: Indicator | None = None


@dataclass(frozen=True)
class Interview:
    """What is known so far, and what is left to ask; an answer makes a new interview."""

    playbook: Playbook
    today: date
    data: Data

    def __post_init__(self) -> None:
        """Refuse, with InvalidFileError, what cannot be right or does not go together."""
        if self._errors(""):
            # Only a fault needs the text, in which it finds the name of its field.
            raise InvalidFileError(self._errors(written(self.data)))

    def _errors(self, text: str) -> list[Diagnostic]:
        document = Document("", text, self.data)
        try:
            organisation = read_organisation(document)
        except InvalidFileError as invalid:
            return invalid.diagnostics
        answers = check_answers(organisation, document, self.playbook)
        found = [*check_organisation(organisation, document), *answers]
        return [one for one in found if one.severity == "error"]

    @cached_property
    def organisation(self) -> Organisation:
        """The organisation as far as it is known."""
        return read_organisation(Document("", "", self.data))

    @cached_property
    def assessment(self) -> Assessment:
        """The assessment as far as it can be told."""
        return assess(self.organisation, self.playbook, self.as_of)

    @property
    def as_of(self) -> date:
        """The day at which the facts hold."""
        return self.organisation.as_of or self.today

    def answered(self, question: Question, value: object) -> "Interview":
        """Return the interview after an answer; raise InvalidFileError when it cannot be right."""
        return Interview(self.playbook, self.today, with_fact(self.data, question.path, value))

    @cached_property
    def given(self) -> int:
        """The number of facts that were asked for or given."""
        own = self.data.get("answers") or {}
        return sum(is_asked(self.data, path) for path in outer_paths()) + len(own)

    @cached_property
    def left(self) -> list[Question]:
        """Every question that is left, in the order in which they would be asked now."""
        left = {path: Question(path, answer_form(path)) for path in IDENTITY}
        for indicator in self._indicators():
            for path in self._facts(indicator):
                asking = self._own.get(path, indicator)
                left.setdefault(path, Question(path, answer_form(path, asking), asking))
        return [question for path, question in left.items() if not is_asked(self.data, path)]

    def _indicators(self) -> list[Indicator]:
        """List what is not settled, factor by factor."""
        book = self.playbook
        factors = sorted(book.factors, key=_weight_for_a_minute, reverse=True)
        ranks = {indicator.id: rank for rank, factor in enumerate(factors)
                 for indicator in factor.indicators}  # fmt: skip
        unsettled = (book.indicators[name] for name, _ in self.assessment.questions)
        return sorted(unsettled, key=lambda indicator: ranks[indicator.id])

    @cached_property
    def _own(self) -> dict[str, Indicator]:
        """Map the facts that the playbook adds of its own to the indicators that ask for them."""
        return {
            path: indicator
            for indicator in self.playbook.indicators.values()
            for path in indicator.measure.paths
            if path.startswith("answers.")
        }

    def _facts(self, indicator: Indicator) -> Iterator[str]:
        """Name the facts to ask for: what makes the rule apply, then what it reads."""
        if indicator.applies(self.organisation, self.as_of) is None:
            for test in (*indicator.applies_when, *indicator.applies_when_any):
                yield from self._simple(test.measure.paths)
        measure = indicator.measure
        stated = getattr(measure, "stated", None)
        if not measure.item_reads:
            paths = [path for path in measure.paths if path != stated]
            yield from self._simple(paths)
            if stated and all(is_asked(self.data, path) for path in paths):
                yield stated
        else:
            # Describing things one by one is for what no single figure can say.
            yield stated or measure.paths[0]

    def _simple(self, paths: list[str]) -> Iterator[str]:
        return (path for path in paths if answer_form(path).kind != "items")

    def item_fields(self, path: str) -> list[str]:
        """Name what the playbook reads of each thing in a list, in the order of the block."""
        item = answer_form(path).item
        read = {
            name
            for indicator in self.playbook.indicators.values()
            if indicator.measure.item_reads and indicator.measure.paths[0] == path
            for name, _ in indicator.measure.item_reads
        }
        return [name for name in fact_paths(item) if name in read] if item else []


def _weight_for_a_minute(factor: Factor) -> float:
    return factor.weight / sum(indicator.minutes for indicator in factor.indicators)


def outer_paths() -> list[str]:
    """List the facts of an organisation, without those of the things in its lists."""
    paths = fact_paths(Organisation)
    return [path for path in paths if not any(path.startswith(f"{other}.") for other in paths)]


def answer_form(path: str, indicator: Indicator | None = None) -> Form:
    """Say what an answer to a fact looks like; that of a playbook's own, by how it is valued."""
    said = fact_type(Organisation, path)
    if said is None:
        value = indicator.value if indicator else None
        if value is not None and value.type == "level":
            return Form("choice", tuple(value.levels))
        if value is not None and value.type == "boolean":
            return Form("boolean")
        return Form("share" if indicator and indicator.unit == "share" else "number")
    return form_of(said)


def form_of(said: Any) -> Form:
    """Say what an answer of a type looks like."""
    if item := next(blocks(said), None):
        return Form("items", item=item)
    kind = kind_of(said)
    if kind == "list":
        inner = get_args(get_args(said)[0])[0]
        return Form("countries") if _is_named(inner, "Country") else Form("list", choices(inner))
    if kind == "level":
        return Form("choice", choices(said)) if choices(said) else Form("text")
    return Form("share" if _is_named(said, "Share", "Rate") else kind)


def _is_named(said: Any, *names: str) -> bool:
    return any(isinstance(one, Named) and one.name in names for one in get_args(said))


def is_asked(data: Data, path: str) -> bool:
    """Say whether the data has an entry at a path, be it ``unknown``; an empty one says nothing."""
    here: Any = data
    for name in path.split("."):
        here = here.get(name) if isinstance(here, dict) else None
    return here is not None


def with_fact(data: Data, path: str, value: object) -> Data:
    """Return the data with another value at a path."""
    name, _, rest = path.partition(".")
    if not rest:
        return {**data, name: value}
    inner = data.get(name)
    return {**data, name: with_fact(inner if isinstance(inner, dict) else {}, rest, value)}
