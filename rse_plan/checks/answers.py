"""Answers to a playbook's own questions: known to it, of the right kind, given to this version."""

from collections.abc import Iterator
from math import inf

from rse_plan.files import Diagnostic, Document, closest, in_order
from rse_plan.organisation import Fact, Organisation
from rse_plan.playbook import Playbook
from rse_plan.playbook.model import Indicator
from rse_plan.playbook.reading import Raw, between
from rse_plan.playbook.values import LIMITS, UnreadableError

_PREFIX = "answers."


def check_answers(
    organisation: Organisation, document: Document, playbook: Playbook
) -> list[Diagnostic]:
    """List what is wrong between an organisation's answers and the playbook that scores them."""
    asked = {
        path.removeprefix(_PREFIX): indicator
        for indicator in playbook.indicators.values()
        for path in indicator.measure.paths
        if path.startswith(_PREFIX)
    }
    return in_order(
        [
            *_unknown(organisation, document, asked),
            *_unreadable(organisation, document, asked),
            *_other_version(organisation, document, playbook),
        ]
    )


def _unknown(
    organisation: Organisation, document: Document, asked: dict[str, Indicator]
) -> Iterator[Diagnostic]:
    for name in organisation.answers:
        if name not in asked:
            yield Diagnostic(
                document.path,
                "unknown-answer",
                document.key_span(("answers", name)),
                "warning",
                values={"key": name},
                suggestion=closest(name, asked),
            )


def _unreadable(
    organisation: Organisation, document: Document, asked: dict[str, Indicator]
) -> Iterator[Diagnostic]:
    for name, indicator in asked.items():
        fact: Fact[Raw] = organisation.answers.get(name, Fact())
        try:
            indicator.value.over(between(fact.low, fact.high))
            _check_unit(indicator, fact)
        except UnreadableError as error:
            values = {"found": error, "indicator": indicator.id, "unit": indicator.unit}
            span = document.span(("answers", name))
            yield Diagnostic(document.path, "wrong-answer", span, values=values)


def _check_unit(indicator: Indicator, fact: Fact[Raw]) -> None:
    """Refuse a share outside 0..1 and a negative count or duration, as an organisation's are."""
    least, most = LIMITS.get(indicator.unit, (-inf, inf))
    for end in (fact.low, fact.high):
        if end is not None and not isinstance(end, str) and not least <= end <= most:
            raise UnreadableError(end)


def _other_version(
    organisation: Organisation, document: Document, playbook: Playbook
) -> Iterator[Diagnostic]:
    given = organisation.playbook
    if given and (given.name, given.version) != (playbook.name, playbook.version):
        values = {
            "answered": f"{given.name} {given.version}",
            "scored": f"{playbook.name} {playbook.version}",
        }
        span = document.span(("playbook",))
        yield Diagnostic(document.path, "playbook-changed", span, "warning", values=values)
