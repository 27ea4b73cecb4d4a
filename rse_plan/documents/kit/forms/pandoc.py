"""Markdown into the formats of office software, by pandoc, which reads no file and runs nothing.

Raw HTML is off in what it reads, and ``--sandbox`` keeps it from files and from the network.
"""

import os
import subprocess
from base64 import b64encode
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from rse_plan.documents.kit.forms.styles import repacked
from rse_plan.documents.kit.manuscript import CHART, Manuscript
from rse_plan.files.resources import shipped

_READER = "commonmark-raw_html+pipe_tables+strikeout"
_HEAP = ("+RTS", "-M1g", "-RTS")
_SECONDS = 120
# What the filter knows charts by.
MARK = "rse-plan-chart-"
# Of a text on a command line; the document itself has the whole.
_LONGEST = 1000
# The part of a package that says when it was written.
_DATED = {"docx": "docProps/core.xml", "odt": "meta.xml"}


def typst_source(manuscript: Manuscript) -> str:
    """Return a document as the body of a typst source."""
    marked = _marked(manuscript, {name: name for name in manuscript.charts})
    return _converted(marked, manuscript, "typst", ["--wrap=none"]).decode()


def office_document(manuscript: Manuscript, form: str, reference: bytes) -> bytes:
    """Return a document as ``docx`` or ``odt``, in the styles of a reference document."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"reference.{form}"
        path.write_bytes(reference)
        options = [
            f"--reference-doc={path}",
            "--shift-heading-level-by=-1",
            f"--metadata=author:{manuscript.organisation[:_LONGEST]}",
            "--output=-",
        ]
        made = _converted(_with_pictures(manuscript), manuscript, form, options)
    day = manuscript.day.isoformat().encode()
    # In its sandbox, pandoc does not know what day it is.
    dates = {_DATED[form]: lambda said: said.replace(b"1970-01-01", day)}
    return repacked(made, dates, manuscript.day)


@cache
def default(name: str) -> bytes:
    """Return one of pandoc's own files, such as ``reference.docx``."""
    return _run(["--print-default-data-file", name], b"", {"SOURCE_DATE_EPOCH": "0"})


def _converted(markdown: str, manuscript: Manuscript, to: str, options: Sequence[str]) -> bytes:
    arguments = [
        *_HEAP, "--sandbox", "--from", _READER, "--to", to,
        f"--metadata=lang:{manuscript.language}",
        f"--lua-filter={shipped('templates') / 'pandoc.lua'}", *options,
    ]  # fmt: skip
    return _run(arguments, markdown.encode(), {"SOURCE_DATE_EPOCH": str(manuscript.timestamp)})


def _run(arguments: Sequence[str], given: bytes, variables: dict[str, str]) -> bytes:
    from pypandoc import get_pandoc_path  # noqa: PLC0415 - optional

    done = subprocess.run(  # noqa: S603 - pandoc, with arguments of ours
        [get_pandoc_path(), *arguments],
        input=given,
        capture_output=True,
        check=False,
        timeout=_SECONDS,
        env=os.environ | variables,
    )
    if done.returncode:
        raise RuntimeError(done.stderr.decode(errors="replace"))
    return done.stdout


def _with_pictures(manuscript: Manuscript) -> str:
    """Put charts into the text as pictures: the sandbox keeps pandoc from reading them."""
    if not manuscript.charts:
        return manuscript.markdown
    from rse_plan.documents.kit.forms.pictures import png  # noqa: PLC0415 - optional, and slow

    pictures = {
        name: f"data:image/png;base64,{b64encode(png(drawn)).decode()}"
        for name, drawn in manuscript.charts.items()
    }
    return _marked(manuscript, pictures)


def _marked(manuscript: Manuscript, ways: Mapping[str, str]) -> str:
    """Let charts be found at other places, and marked so that nothing else is taken for one."""
    return CHART.sub(
        lambda found: f'![{found["alt"]}]({ways[found["name"]]} "{MARK}{found["name"]}")',
        manuscript.markdown,
    )
