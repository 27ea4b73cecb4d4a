"""What a rule found, and how it finds its place in the file."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from rse_plan.files import Diagnostic, Document, Location, Related
from rse_plan.files.diagnostic import Severity
from rse_plan.organisation import Organisation

Where = str | Location


@dataclass(frozen=True)
class Fault:
    """Facts that do not go together, told by where they stand in the organisation."""

    code: str
    at: Location
    against: tuple[Location, ...]
    values: Mapping[str, object]
    suggestion: str | None

    def placed(self, severity: Severity, document: Document) -> Diagnostic:
        """Find the places in the file."""
        return Diagnostic(
            document.path,
            self.code,
            document.span(_written(document.data, self.at)),
            severity,
            values=self.values,
            suggestion=self.suggestion,
            related=tuple(
                Related(document.span(_written(document.data, location)), _dotted(location))
                for location in self.against
            ),
        )


Rule = Callable[[Organisation], Iterator[Fault]]


def fault(
    code: str, at: Where, *against: Where, suggestion: str | None = None, **values: object
) -> Fault:
    """Report what stands at one place, and what it does not go with at others."""
    here, *there = (
        tuple(where.split(".")) if isinstance(where, str) else where for where in (at, *against)
    )
    names = {"field": _dotted(here), "other": _dotted(there[0]) if there else None}
    return Fault(code, here, tuple(there), {**names, **values}, suggestion)


def _dotted(location: Location) -> str:
    return ".".join(map(str, location))


def _written(data: Any, location: Location) -> Location:
    """Return where the file has a place of the model: lists may stand inside their origin."""
    written: Location = ()
    for part in location:
        if isinstance(part, int) and isinstance(data, dict):
            key = "value" if "value" in data else "at_least"
            written, data = (*written, key), data[key]
        written, data = (*written, part), data[part]
    return written
