"""Write an ``org.yaml`` that explains itself: what is known, and what could still be filled in."""

import textwrap
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic.fields import FieldInfo

from rse_plan.files.writer import WIDTH, written
from rse_plan.interview.questions import form_of
from rse_plan.language import Language
from rse_plan.organisation import Organisation
from rse_plan.organisation.model import Block
from rse_plan.organisation.paths import fact_paths, fact_type

_STEP = "  "


def organisation_text(data: Mapping[str, Any], schema: str, say: Language) -> str:
    """Return the text of an ``org.yaml`` with every fact of the data, each field explained.

    `schema` is where an editor finds the schema, from the file's own folder.
    """
    lines = [
        f"# yaml-language-server: $schema={schema}",
        *_comment(say("init.file")),
        "",
        *_organisation(data, say),
    ]
    return "\n".join(lines) + "\n"


def _organisation(data: Mapping[str, Any], say: Language) -> Iterator[str]:
    """Write what the organisation is, then its blocks and lists, each set apart and described."""
    words = say.table("organisation")["blocks"][Organisation.__name__]["fields"]
    apart = False
    for name, field in Organisation.model_fields.items():
        if apart := apart or _inner(field) is not None:
            yield ""
            yield from _comment(words[name]["description"])
        title = None if apart or name == "kind" else words[name]["title"]
        yield from _field(Organisation, name, data.get(name), title, say)


def _field(
    model: type[Block], name: str, said: Any, title: str | None, say: Language, width: int = WIDTH
) -> Iterator[str]:
    """Write a field with what is said of it, or as a comment that can be filled in."""
    inner = _inner(model.model_fields[name])
    if said is None or (inner and _is_empty(said)):
        yield from (f"# {line}" for line in _blank(model, name, title, say, width - 2))
    elif inner is None:
        text = written({name: said}, width)
        yield from _explained(text.removesuffix("\n").split("\n"), title, width)
    else:
        yield from _explained([f"{name}:"], title, width)
        words = say.table("organisation")["blocks"][inner.__name__]["fields"]
        for key in inner.model_fields:
            lines = _field(inner, key, said.get(key), words[key]["title"], say, width - len(_STEP))
            yield from (_STEP + line for line in lines)


def _explained(lines: list[str], title: str | None, width: int) -> list[str]:
    """Put a title behind what stands on one line, where there is room, or else above."""
    if title is None:
        return lines
    behind = f"{lines[0]}  # {title}"
    return [behind] if len(lines) == 1 and len(behind) <= width else [f"# {title}", *lines]


def _blank(
    model: type[Block], name: str, title: str | None, say: Language, width: int
) -> Iterator[str]:
    """Write a field to be filled in: what it is, and what it is chosen from."""
    inner = _inner(model.model_fields[name])
    is_fact = name in fact_paths(model)
    choices = ", ".join(form_of(fact_type(model, name)).choices) if is_fact else ""
    yield from _explained([f"{name}:"], f"{title} ({choices})" if choices else title, width)
    if inner:
        words = say.table("organisation")["blocks"][inner.__name__]["fields"]
        for key in inner.model_fields:
            lines = _blank(inner, key, words[key]["title"], say, width - len(_STEP))
            yield from (_STEP + line for line in lines)


def _inner(field: FieldInfo) -> type[Block] | None:
    """Return the block that a field is, when it is one and no list of them."""
    kind = field.annotation
    return kind if isinstance(kind, type) and issubclass(kind, Block) else None


def _is_empty(said: Any) -> bool:
    return said is None or (isinstance(said, dict) and all(map(_is_empty, said.values())))


def _comment(text: str) -> list[str]:
    return textwrap.wrap(
        text, WIDTH, initial_indent="# ", subsequent_indent="# ",
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip
