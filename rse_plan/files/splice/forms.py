"""Write a value in the form of what it replaces."""

from typing import Any

import yaml
from yaml.nodes import MappingNode, ScalarNode

from rse_plan.files.splice.page import BLOCK_SCALARS, BREAK
from rse_plan.files.writer import WIDTH, written

# What stands in brackets stays on its line; the rest is not squeezed, however deep it stands.
UNBROKEN, _NARROWEST = 1_000_000_000, 40
_MAPPING, _TEXT = "tag:yaml.org,2002:map", "tag:yaml.org,2002:str"
_QUOTES = ("'", '"')


def width_at(column: int) -> int:
    """Return how much fits between a column and the end of the line."""
    return max(WIDTH - column, _NARROWEST)


def indented(text: str, column: int) -> str:
    """Indent all lines but the first."""
    first, *lines = text.split("\n")
    return "\n".join([first, *(line and " " * column + line for line in lines)])


def scalar(value: Any, style: str, width: int) -> str:
    """Write a scalar; a text takes the style of what it replaces, if that can hold it."""
    if not isinstance(value, str) or style not in (*_QUOTES, *BLOCK_SCALARS):
        return written({"k": value}, width)[3:-1]
    if BREAK.search(value.replace("\n", "") if style in BLOCK_SCALARS else value):
        style = '"'
    key, text = ScalarNode(_TEXT, "k"), ScalarNode(_TEXT, value, style=style)
    form: str = yaml.serialize(
        MappingNode(_MAPPING, [(key, text)], flow_style=False),
        Dumper=yaml.CSafeDumper, width=width, allow_unicode=True,
    )  # fmt: skip
    # The three dots say that the blank lines at the end count: in quotes that is easier to see.
    return scalar(value, '"', width) if form.endswith("\n...\n") else form[3:-1]


def in_brackets(value: Any, style: str = "") -> str:
    """Write a value on one line; a text takes the quotes of what it replaces."""
    if isinstance(value, dict):
        entries = (f"{_key(key)}: {in_brackets(one)}" for key, one in value.items())
        return "{" + ", ".join(entries) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(in_brackets, value)) + "]"
    if isinstance(value, str) and style in _QUOTES:
        return scalar(value, style, UNBROKEN)
    return written({"k": [value]}, UNBROKEN)[4:-2]


def _key(key: str) -> str:
    return written({"k": {key: 0}}, UNBROKEN)[4:-5]
