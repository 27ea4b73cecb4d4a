"""Fill the Jinja templates of a language; every value is text, whatever it contains."""

import re
import sys
from contextlib import suppress
from functools import cache
from importlib.util import cache_from_source, source_hash
from pathlib import Path
from typing import Any

from jinja2 import FileSystemBytecodeCache, FileSystemLoader, StrictUndefined
from jinja2.bccache import Bucket
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from rse_plan.assessment import Assessment
from rse_plan.assessment.gaps import proven_gaps, secured
from rse_plan.documents.wording import Wording
from rse_plan.files.resources import shipped
from rse_plan.language import Language

_SPECIAL = re.compile(r"([\\`*_{\[\]<>|~&$^])")
_AT_START = re.compile(r"^(\s*)(?:(\d+)([.)])(?=\s|$)|([-+](?=\s|$|[-+])|[#=:]))")
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff]")
# Unicode's marks of direction (UAX 9): those that open one, and what ends it.
_ISOLATE_END = "\u2069"
_ENDS = dict.fromkeys("\u202a\u202b\u202d\u202e", "\u202c") | dict.fromkeys(
    "\u2066\u2067\u2068", _ISOLATE_END
)
_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")
_LINES = re.compile(r"\s*[\r\n]+\s*")


def assessment_markdown(assessment: Assessment, language: Language) -> str:
    """Return the assessment report in Markdown."""
    template = sandbox(language.code).get_template("assessment.md.j2")
    return template.render(
        found=assessment,
        playbook=assessment.playbook,
        say=language,
        words=Wording(language, assessment.playbook),
        secured=secured(assessment),
        gaps=proven_gaps(assessment),
    )


@cache
def sandbox(language: str, before: Path | None = None) -> ImmutableSandboxedEnvironment:
    """Return the environment of a language's templates, in which every value is plain text.

    A folder of templates by language may come before ours; then nothing is kept of them.
    """
    folders = [folder / language for folder in (before, shipped("templates")) if folder]
    environment = ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(folders),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=markdown_text,
        # It takes a fifth of the time, and templates have next to nothing that is constant.
        optimized=False,
        bytecode_cache=None if before else _bytecode_cache(),
    )
    environment.globals["zip"] = zip
    return environment


class _BytecodeCache(FileSystemBytecodeCache):
    """Templates that were compiled before, which only spares time."""

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep a compiled template, if there is room."""
        with suppress(OSError):
            super().dump_bytecode(bucket)


def _bytecode_cache() -> _BytecodeCache | None:
    """Keep compiled templates where Python keeps our compiled modules; None where it keeps none."""
    if sys.dont_write_bytecode:
        return None
    folder = Path(cache_from_source(__file__)).parent
    # Whoever compiles templates in another way changes this file.
    way = source_hash(Path(__file__).read_bytes()).hex()
    return _BytecodeCache(str(folder), f"%s.{sys.implementation.cache_tag}-{way}")


def markdown_text(value: Any) -> Markup:
    """Escape a value so that Markdown shows it as it is, on one line."""
    if isinstance(value, Markup):
        return value
    text = plain_line(str(value))
    text = _SPECIAL.sub(r"\\\1", text)
    return Markup(_AT_START.sub(_escaped_start, text))  # noqa: S704 - this is the escaping


def plain_line(text: str) -> str:
    """Put a text on one line, its control characters written out and its turns ended."""
    text = _CONTROLS.sub(lambda found: repr(found[0])[1:-1], _LINES.sub(" ", text))
    return f"{text}{_closing(text)}"


def _closing(text: str) -> str:
    """End the changes of direction that a text leaves open, which would turn what follows."""
    opened: list[str] = []
    for one in _TURNS.findall(text):
        if one in _ENDS:
            opened.append(_ENDS[one])
        elif one == _ISOLATE_END and one in opened:
            del opened[len(opened) - 1 - opened[::-1].index(one) :]
        elif opened[-1:] == [one]:
            opened.pop()
    return "".join(reversed(opened))


def _escaped_start(match: re.Match[str]) -> str:
    """Keep a text that begins a line from beginning a list, a heading or a rule."""
    space, digits, mark, sign = match.groups()
    return f"{space}{digits}\\{mark}" if digits else f"{space}\\{sign}"
