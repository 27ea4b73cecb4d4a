"""Every fact of an organisation by its dotted path, and what kind of value it takes.

A path goes through lists by their name: ``use_cases.owner`` is the owner of any use case.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from types import MappingProxyType
from typing import Annotated, Any, Literal, get_args, get_origin

from rse_plan.organisation.fact import Fact
from rse_plan.organisation.model import Block

Kind = Literal["boolean", "level", "number", "date", "list"]

_KINDS: dict[Any, Kind] = {
    bool: "boolean", str: "level", int: "number", float: "number", date: "date",
}  # fmt: skip


@cache
def fact_paths(model: type[Block]) -> Mapping[str, tuple[type[Block], str]]:
    """Map the path of every fact to the block and the field that hold it."""
    return MappingProxyType(dict(_facts(model, "")))


def _facts(model: type[Block], prefix: str) -> Iterator[tuple[str, tuple[type[Block], str]]]:
    for name, info in model.model_fields.items():
        kind = info.annotation
        if get_origin(kind) is Fact:
            yield prefix + name, (model, name)
        for block in blocks(kind):
            yield from _facts(block, f"{prefix}{name}.")


@cache
def fact_type(model: type[Block], path: str) -> Any:
    """Return what stands at a path, inside its fact; None when nothing does."""
    here: Any = model
    for name in path.split("."):
        block = next(blocks(here), None)
        if block is None or name not in block.model_fields:
            return None
        here = block.model_fields[name].annotation
    if get_origin(here) is Fact:
        return get_args(here)[0]
    return None if next(blocks(here), None) else here


def field_at(model: type[Block], path: str) -> tuple[type[Block], str]:
    """Return the block and the field that a path names; raise KeyError for one that names none."""
    outer, _, inner = path.partition(".")
    if outer not in model.model_fields:
        raise KeyError(path)
    if not inner:
        return model, outer
    return field_at(next(blocks(model.model_fields[outer].annotation)), inner)


def kind_of(said: Any) -> Kind:
    """Say what kind of value a type stands for."""
    plain = said.__origin__ if get_origin(said) is Annotated else said
    return "level" if choices(plain) else _KINDS.get(plain, "list")


def choices(said: Any) -> tuple[str, ...]:
    """List the values that a choice allows, the lowest first; none for what is no choice."""
    return get_args(said) if get_origin(said) is Literal else ()


def blocks(kind: Any) -> Iterator[type[Block]]:
    """Find the blocks in a type, such as the items of a list."""
    if isinstance(kind, type) and issubclass(kind, Block):
        yield kind
    for argument in get_args(kind):
        yield from blocks(argument)
