"""The look of a client, read from a folder.

What it holds is found by its name; each part may be missing::

    brand.yaml                colours and font
    logo.png                  or .svg
    document.docx             or .dotx, the styles of Word documents
    document.odt              or .ott, those of OpenDocument texts
    deck.pptx                 or .potx, the slides
    templates/<language>/kit  Jinja templates before ours
"""

import re
from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from rse_plan.documents.kit.look import Look, size, using
from rse_plan.documents.kit.sources import TEMPLATES

if TYPE_CHECKING:
    from rse_plan.organisation.brand import Brand

BRAND = "brand.yaml"
# The names under which the parts of a look are found, the first that is there.
_NAMES: Mapping[str, tuple[str, ...]] = {
    "logo": ("logo.svg", "logo.png"),
    "word": ("document.docx", "document.dotx"),
    "opendocument": ("document.odt", "document.ott"),
    "deck": ("deck.pptx", "deck.potx"),
}
# A style that names something outside: url(…) of anything but a part of the same drawing.
_REFERS = re.compile(r"url\(\s*[\"']?(?!#)|@import", re.IGNORECASE)
_SIZE = re.compile(r"([0-9]+(?:\.[0-9]+)?)(?:px|pt|mm)?")
_MOST_PIXELS = 4000
_PNG = b"\x89PNG\r\n\x1a\n"


def read_look(folder: Path, brand: "Brand | None" = None) -> Look:
    """Read what stands in a brand beside its file; raise UnusablePartError for the logo."""
    said: dict[str, str] = {}
    if brand:
        said = brand.colours.model_dump(exclude_none=True)
        said |= {"font": brand.font} if brand.font else {}
    templates = folder / TEMPLATES
    return Look(
        **said,
        logo=_logo(folder),
        word=_content(folder, "word"),
        opendocument=_content(folder, "opendocument"),
        deck=_content(folder, "deck"),
        templates=templates if templates.is_dir() else None,
    )


def unknown_parts(folder: Path) -> Iterator[Path]:
    """List what a brand holds that nothing reads, such as a file with a slip in its name."""
    known = {BRAND, TEMPLATES, *chain(*_NAMES.values())}
    for path in sorted(folder.iterdir()):
        if path.name not in known and not path.name.startswith("."):
            yield path


def file_of(folder: Path, part: str) -> Path | None:
    """Return the file of a brand that is a part of its look."""
    return next((path for name in _NAMES[part] if (path := folder / name).is_file()), None)


def _content(folder: Path, part: str) -> bytes | None:
    path = file_of(folder, part)
    return path.read_bytes() if path else None


def _logo(folder: Path) -> bytes | None:
    """Read the logo as PNG, which every format takes."""
    path = file_of(folder, "logo")
    if path is None:
        return None
    with using("logo"):
        if path.suffix == ".png":
            picture = path.read_bytes()
        else:
            picture = _as_png(path.read_text(encoding="utf-8"))
        if not picture.startswith(_PNG) or 0 in size(picture):
            raise ValueError(path)
    return picture


def _as_png(drawing: str) -> bytes:
    """Draw an SVG; raise ValueError for one that asks for other files, or is of no use as a logo.

    The program that draws would read and fetch what an SVG names. Its size has to be said.
    """
    from lxml.etree import XMLParser, fromstring  # noqa: PLC0415 - optional
    from vl_convert import svg_to_png  # noqa: PLC0415 - optional, and slow to import

    root = fromstring(drawing.encode(), XMLParser(resolve_entities=False, no_network=True))
    for element in root.iter():
        values = [element.text or "", *element.attrib.values()]
        links = [said for name, said in element.attrib.items() if name.endswith("href")]
        if any(not one.startswith("#") for one in links) or any(map(_REFERS.search, values)):
            raise ValueError(element.tag)
    sizes = [_SIZE.fullmatch(root.get(name, "")) for name in ("width", "height")]
    if not all(size and 0 < float(size[1]) <= _MOST_PIXELS for size in sizes):
        raise ValueError(sizes)
    return bytes(svg_to_png(drawing, scale=2))
