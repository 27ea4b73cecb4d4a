"""Check a document against a pydantic model, and turn pydantic's errors into diagnostics."""

import difflib
from collections.abc import Iterable
from itertools import islice
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from rse_plan.files.diagnostic import START, Diagnostic, InvalidFileError
from rse_plan.files.reader import Document, Location

Model = TypeVar("Model", bound=BaseModel)

_RENAMED = {
    "string_too_short", "too_short", "too_long",
    "union_tag_invalid", "union_tag_not_found",
}  # fmt: skip

# Comparing more words, or longer ones, would take longer than finding the fault.
_MANY, _LONG = 1000, 100

_EXPECTED = {
    "bool_type": "boolean", "int_type": "integer", "int_from_float": "integer",
    "float_type": "number", "string_type": "text", "tuple_type": "list", "list_type": "list",
    "dict_type": "mapping", "model_type": "mapping", "model_attributes_type": "mapping",
    "date_type": "date",
}  # fmt: skip
_LIMITS = {"greater_than_equal", "greater_than", "less_than_equal", "less_than"}


def load(model: type[Model], document: Document) -> Model:
    """Return the model that the document describes; raise InvalidFileError with every fault.

    A file of another kind is one fault, not one for each of its keys.
    """
    if kind := get_args(getattr(model.model_fields.get("kind"), "annotation", None)):
        _require_kind(document, kind[0])
    try:
        return model.model_validate(document.data)
    except ValidationError as invalid:
        faults = [
            diagnostic(document, model, error)
            for error in invalid.errors(include_url=False, include_context=True)
            if not _echo(error)
        ]
        # A doubt may be why a number is none; of a yes or no the fault says as much.
        said = {fault.span for fault in faults if fault.code == "expected-boolean"}
        doubts = [doubt for doubt in document.warnings if doubt.span not in said]
        raise InvalidFileError([*doubts, *faults]) from None


def _require_kind(document: Document, wanted: str) -> None:
    if not isinstance(document.data, dict) or document.data.get("kind") == wanted:
        return
    found = document.data.get("kind")
    code = "missing-kind" if found is None else "wrong-kind"
    raise InvalidFileError(
        [
            Diagnostic(
                document.path,
                code,
                document.span(("kind",)) if found is not None else START,
                values={"found": found, "wanted": wanted},
                suggestion=closest(str(found), [wanted]),
            )
        ]
    )


def _echo(error: ErrorDetails) -> bool:
    """Say whether a list is called too short only because its items are at fault."""
    return error["type"] == "too_short" and len(error["input"]) >= error["ctx"]["min_length"]


def closest(word: str, allowed: Iterable[str], likeness: float = 0.6) -> str | None:
    """Return the allowed word that `word` was probably meant to be, out of not too many."""
    words = list(islice(allowed, _MANY + 1))
    if len(words) > _MANY or len(word) > _LONG:
        return None
    matches = difflib.get_close_matches(word, words, n=1, cutoff=likeness)
    return matches[0] if matches else None


def diagnostic(document: Document, model: type[BaseModel], error: ErrorDetails) -> Diagnostic:
    """Translate one of pydantic's errors, whose names change, into a code of ours."""
    location: Location = error["loc"]
    kind, found, context = error["type"], error["input"], error.get("ctx", {})
    field = ".".join(str(part) for part in document.found(location))
    values: dict[str, object] = {"field": field, "found": found}
    span = document.span(location)
    suggestion = None
    if kind == "extra_forbidden":
        code, span = "unknown-key", document.key_span(location)
        allowed = allowed_keys(model, location[:-1])
        values |= {"key": location[-1], "allowed": ", ".join(allowed)}
        suggestion = closest(str(location[-1]), allowed)
    elif kind == "missing":
        code = "missing-key"
        values["key"] = location[-1]
    elif kind == "literal_error":
        options = [option.strip("'") for option in _options(context["expected"])]
        code, suggestion = "not-allowed", closest(str(found), options)
        values["allowed"] = ", ".join(options)
    elif kind in _EXPECTED:
        code = f"expected-{_EXPECTED[kind]}"
    elif kind in _LIMITS:
        code, values["limit"] = "out-of-range", next(iter(context.values()))
    elif kind == "string_pattern_mismatch":
        code = "wrong-form"
    elif kind in _RENAMED:
        code = kind.replace("_", "-")
        values |= {name: str(value) for name, value in context.items()}
    else:
        # Our own errors have hyphens in their names; pydantic's have none.
        code = kind if "-" in kind else "invalid-value"
        values |= context
    return Diagnostic(document.path, code, span, values=values, suggestion=suggestion)


def _options(expected: str) -> list[str]:
    *most, last = expected.replace(" or ", ", ").split(", ")
    return [*most, last]


def allowed_keys(model: type[BaseModel], location: Location) -> list[str]:
    """List the keys that stand at a location of a model, looking through lists and unions."""
    here: list[Any] = [model]
    for part in location:
        here = [found for kind in here for found in _inside(kind, part)] or here
    stated = bool(location) and location[-1] == "stated"
    keys: dict[str, None] = {}
    for candidate in (inner for kind in here for inner in _flatten(kind)):
        keys |= dict.fromkeys(getattr(candidate, "KEYS" if stated else "model_fields", ()))
    return list(keys)


def _inside(kind: object, part: str | int) -> list[Any]:
    """List what stands under a key, or the member of a union that a tag names."""
    found: list[Any] = []
    for candidate in _flatten(kind):
        fields = getattr(candidate, "model_fields", {})
        if part in fields:
            found.append(fields[part].annotation)
        elif "type" in fields and part in get_args(fields["type"].annotation):
            found.append(candidate)
    return found


def _flatten(kind: object) -> list[Any]:
    """List a type and every type among its arguments."""
    return [kind, *(inner for argument in get_args(kind) for inner in _flatten(argument))]
