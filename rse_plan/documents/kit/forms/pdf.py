"""Documents as tagged PDF (PDF/A-2a and PDF/UA-1), set by typst with fonts of ours.

Values reach typst as pandoc's text or as ``sys.inputs``, never as source. It reads no file but
fonts. A character that no font has is written by its name, since a PDF/A must show every one.
"""

import re
import threading
import unicodedata
from base64 import b64encode
from functools import cache
from typing import TYPE_CHECKING, Literal

from rse_plan.documents.kit.forms.pandoc import typst_source
from rse_plan.documents.kit.look import FONTS, Look, size
from rse_plan.documents.kit.manuscript import Manuscript
from rse_plan.files.resources import shipped

if TYPE_CHECKING:
    from typst import Compiler

STANDARDS: list[Literal["a-2a", "ua-1"]] = ["a-2a", "ua-1"]
# The sizes of letters in points, the first that will do.
_SIZES = ("9.5", "9.2", "8.9")
_PAGE = re.compile(rb"/Type\s*/Page\b(?!s)")
_MISSING = re.compile(r"the text `\"(.+?)\"` could not be displayed")
# Pictographs, and what joins and varies them: typst names only the first of several.
_EMOJI = re.compile("[\u200d\ufe0f\U0001f000-\U0001ffff]")
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")
# Marks that turn text around (UAX 9): typst finds no glyphs for what they turn.
_TURNS = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])
_local = threading.local()


def pdf(manuscript: Manuscript, look: Look) -> bytes:
    """Return a document as PDF; raise TypstError where typst finds it not accessible.

    Letters are a little smaller where that spares the document its last page.
    """
    source = f"{_page()}\n{typst_source(manuscript)}".translate(_TURNS)
    inputs = {key: said.translate(_TURNS) for key, said in _inputs(manuscript, look).items()}
    first, *smaller = _SIZES
    made, source, inputs = _shown(source, inputs | {"size": first}, manuscript)
    if _pages(made) > 1:
        for size in smaller:
            tighter = _compiled(source, inputs | {"size": size}, manuscript)
            if _pages(tighter) < _pages(made):
                return tighter
    return made


def _shown(
    source: str, inputs: dict[str, str], manuscript: Manuscript
) -> tuple[bytes, str, dict[str, str]]:
    """Compile a document, characters that no font has written by their names."""
    from typst import TypstError  # noqa: PLC0415 - optional

    while True:
        try:
            return _compiled(source, inputs, manuscript), source, inputs
        except TypstError as error:
            there = {*source, *"".join(inputs.values())}
            missing = _missing(str(error)) & there
            if any(map(_EMOJI.match, missing)):
                missing |= set(filter(_EMOJI.match, there))
            if not missing or any(map(str.isascii, missing)):
                raise
            names = str.maketrans({one: _named(one) for one in missing})
            source = source.translate(names)
            inputs = {key: said.translate(names) for key, said in inputs.items()}


def _pages(content: bytes) -> int:
    return len(_PAGE.findall(content))


def _compiled(source: str, inputs: dict[str, str], manuscript: Manuscript) -> bytes:
    found = _compiler().compile(
        source.encode(),
        format="pdf",
        pdf_standards=[*STANDARDS],
        sys_inputs=inputs,
        timestamp=manuscript.timestamp,
    )
    if not isinstance(found, bytes):
        raise TypeError(found)
    return found


def _compiler() -> "Compiler":
    """Return this thread's compiler: it is fast once it is warm, and not made to be shared."""
    from typst import Compiler  # noqa: PLC0415 - optional

    if not hasattr(_local, "compiler"):
        _local.compiler = Compiler(root=str(FONTS), font_paths=[str(FONTS)])
    found: Compiler = _local.compiler
    return found


def _inputs(manuscript: Manuscript, look: Look) -> dict[str, str]:
    colours = {name: getattr(look, name) for name in ("ink", "soft", "line", "accent", "shade")}
    day = manuscript.day
    logo = {} if look.logo is None else {"logo": _as_svg(look.logo)}
    return {
        "title": manuscript.title,
        "organisation": manuscript.organisation,
        "foot": manuscript.foot,
        "language": manuscript.language,
        "font": look.font,
        "year": str(day.year),
        "month": str(day.month),
        "day": str(day.day),
        **colours,
        **logo,
        **{f"chart-{name}": drawn for name, drawn in manuscript.charts.items()},
    }


def _as_svg(picture: bytes) -> str:
    """Put a PNG into an SVG, which is text as all of typst's inputs are."""
    width, height = size(picture)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}">'
        f'<image width="{width}" height="{height}" '
        f'href="data:image/png;base64,{b64encode(picture).decode()}"/></svg>'
    )


@cache
def _page() -> str:
    return (shipped("templates") / "page.typ").read_text(encoding="utf-8")


def _missing(said: str) -> set[str]:
    """List the characters that typst has no font for."""
    found = (
        _ESCAPED.sub(lambda code: chr(int(code[1], 16)), one) for one in _MISSING.findall(said)
    )
    return {character for one in found for character in one}


def _named(character: str) -> str:
    """Write a character by its code and name; nothing for one that only joins others."""
    if unicodedata.category(character) == "Cf":
        return ""
    return f"(U+{ord(character):04X} {unicodedata.name(character, '')})"
