"""The described organisations of a playbook: well described, and scored as they are said to be."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from rse_plan.assessment import Assessment, assess
from rse_plan.checks.answers import check_answers
from rse_plan.checks.organisation import check_organisation
from rse_plan.files import Diagnostic, Document, InvalidFileError, Location, Span, in_order, load
from rse_plan.organisation import read_organisation
from rse_plan.playbook import Playbook
from rse_plan.playbook.model import Vector, VectorsFile

# A score of three decimals says enough.
TOLERANCE = 0.0005


def check_vectors(document: Document, playbook: Playbook) -> list[Diagnostic]:
    """List the vectors that do not have the result that their file states.

    Raise InvalidFileError when the file does not have the form of one.
    """
    vectors = load(VectorsFile, document).vectors
    return in_order(
        fault
        for index, vector in enumerate(vectors)
        for fault in _faults(document, ("vectors", index), vector, playbook)
    )


@dataclass(frozen=True)
class _Part(Document):
    """What stands at one place of a file, read as a file whose places are those of the whole."""

    root: Location = ()

    @cached_property
    def _spans(self) -> dict[Location, Span]:
        depth = len(self.root)
        spans = super()._spans.items()
        return {where[depth:]: span for where, span in spans if where[:depth] == self.root}


def _faults(
    document: Document, where: Location, vector: Vector, playbook: Playbook
) -> Iterable[Diagnostic]:
    root = (*where, "organisation")
    part = _Part(document.path, document.text, vector.organisation, root=root)
    try:
        organisation = read_organisation(part)
    except InvalidFileError as invalid:
        return invalid.diagnostics
    # What is only doubtful may be what the vector is about.
    found = [*check_organisation(organisation, part), *check_answers(organisation, part, playbook)]
    errors = [fault for fault in found if fault.severity == "error"]
    return errors or _differences(
        document, where, vector, assess(organisation, playbook, vector.as_of)
    )


def _differences(
    document: Document, where: Location, vector: Vector, assessment: Assessment
) -> Iterator[Diagnostic]:
    """Compare what is found with what is stated; what is not assessable has no verdict."""
    pairs = zip(assessment.score, vector.score, strict=True)
    if any(abs(found - stated) > TOLERANCE for found, stated in pairs):
        score = [round(end, 4) for end in assessment.score]
        yield _differs(document, (*where, "score"), score, vector.score)
    if assessment.verdict != vector.verdict:
        yield _differs(document, (*where, "verdict"), assessment.verdict or (), vector.verdict)


def _differs(
    document: Document, where: Location, found: Iterable[object], wanted: Iterable[object]
) -> Diagnostic:
    values = {"field": where[-1], "found": _listed(found), "wanted": _listed(wanted)}
    return Diagnostic(document.path, "vector-differs", document.span(where), values=values)


def _listed(entries: Iterable[object]) -> str:
    """Write a list as the file does."""
    return f"[{', '.join(map(str, entries))}]"
