"""Text that tries to be something else, in every field of an organisation that takes any text."""

import re
from collections.abc import Iterator
from copy import deepcopy
from functools import cache
from typing import Any

from kits import INVENTED, planned
from pydantic import ValidationError

from rse_plan.documents.kit.dossier import Dossier
from rse_plan.files import read_file
from rse_plan.organisation import Organisation

Path = tuple[Any, ...]

# What programs act on when a text, a line or a cell begins with it.
STARTS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(1)",
    "# head",
    "- item",
    "1. item",
    "| cell |",
    "> quote",
    "===",
]
# What they act on wherever it stands.
INSIDE = (
    "<script>alert(1)</script> [link](javascript:alert(1)) ![i](/etc/hostname) **b** `c` $x$ "
    '{{ 7*7 }} {% raw %} #read("/etc/hostname") @ref <label> // note /* note */ \\begin{x} '
    "~~d~~ <!--#exec--> http://x.example 👩🏽‍🚀 é\u0301 &amp; <w:r/> {DDEAUTO x} ${x} %s "
    "\u200f\u202eturned"
)
LONG = "long " * 8000


@cache
def hostile_dossier(start: str, code: str = "fr") -> Dossier:
    """Plan the invented organisation with every free text replaced."""
    text = f"{start} {INSIDE}"
    return planned(Organisation.model_validate(_filled(text)), code, runs=5)


def _filled(text: str) -> Any:
    data = deepcopy(read_file(INVENTED / "org.yaml").data)
    for path in _free_texts():
        _set(data, path, text)
    return data


@cache
def _free_texts() -> tuple[Path, ...]:
    """List the places that take any text, by trying."""
    data: Any = deepcopy(read_file(INVENTED / "org.yaml").data)
    found = []
    for path, was in _leaves(data):
        _set(data, path, "any text: é")
        try:
            Organisation.model_validate(data)
            found.append(path)
        except ValidationError:
            pass
        _set(data, path, was)
    return tuple(found)


def _leaves(data: Any, path: Path = ()) -> Iterator[tuple[Path, str]]:
    if isinstance(data, str):
        yield path, data
    items = (
        data.items()
        if isinstance(data, dict)
        else enumerate(data)
        if isinstance(data, list)
        else ()
    )
    for key, one in list(items):
        yield from _leaves(one, (*path, key))


def _set(data: Any, path: Path, value: str) -> None:
    for key in path[:-1]:
        data = data[key]
    data[path[-1]] = value


def flat(text: str) -> str:
    """Leave out what programs that lay text out may add or drop: spaces and soft breaks."""
    return re.sub(r"[\s\u200b\u00ad]+", "", text)
