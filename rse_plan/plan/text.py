"""A new ``plan.yaml``: headed, in parts, and with what a reader has to know to edit it."""

import re

from rse_plan.files.writer import written
from rse_plan.language import Language
from rse_plan.plan.record import Data

_MODELINE = "# yaml-language-server: $schema={schema}"
_WIDTH = 100
# Parts whose entries are long, and where an entry begins that is not the first of its list.
_LONG = {"phases", "sites"}
_LATER_ENTRY = re.compile(r"^(?!.*:$)(.*\n)( *- id: )", re.MULTILINE)


def plan_text(data: Data, schema: str, language: Language) -> str:
    """Write a plan for the first time, with the name of its schema; an update changes little."""
    parts = language.table("terms")["plan"]["parts"]
    lines = [f"# {line}" for line in language("plan.head").splitlines()]
    texts = ["\n".join([_MODELINE.format(schema=schema), *lines]) + "\n"]
    for key, said in data.items():
        if key in parts:
            title = f"# ── {parts[key]} "
            texts.append(f"\n{title:─<{_WIDTH}}\n\n")
        texts.append(_part(key, said))
    return "".join(texts)


def _part(key: str, said: object) -> str:
    """Write one key, with an empty line before each long entry but the first of a list."""
    text = written({key: said})
    return _LATER_ENTRY.sub(r"\1\n\2", text) if key in _LONG else text
