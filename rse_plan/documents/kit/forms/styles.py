"""The styles of office documents: ours in a client's colours, and those a template lacks."""

from collections.abc import Callable, Mapping
from copy import deepcopy
from datetime import date
from functools import cache
from io import BytesIO
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from rse_plan.documents.kit.look import Look, breadth
from rse_plan.files.resources import shipped

if TYPE_CHECKING:
    from lxml.etree import _Element

# A table of no more rows stands on one page.
SMALL_TABLE = 7
# The size of letters in tables, in points.
_TABLE = 9
_TYPES = "[Content_Types].xml"
# The first year of zip packages.
_OLDEST = 1980

# What names a style, whatever its id, which changes with the language of a template.
Key = Callable[["_Element"], object]


def our_styles(template: str, look: Look, **values: object) -> "_Element":
    """Fill one of the templates of styles; return its root."""
    from lxml.etree import XMLParser, fromstring  # noqa: PLC0415 - optional

    # A wide font is smaller in tables, whose columns are as wide as their words.
    table = min(_TABLE, round(2 * _TABLE / breadth(look.font)) / 2)
    said = _environment().get_template(template).render(look=look, table=table, **values)
    # A logo is one long text.
    return fromstring(said.encode(), XMLParser(huge_tree=True))


def lay_over(styles: "_Element", ours: "_Element", key: Key, *, replace: bool) -> None:
    """Add styles to others by their names; where both have one, keep theirs unless told."""
    there = {key(style): style for style in styles if key(style)}
    for style in filter(key, ours):
        found = there.get(key(style))
        if found is None:
            styles.append(deepcopy(style))
        elif replace:
            styles.replace(found, deepcopy(style))


def repacked(
    package: bytes, parts: Mapping[str, Callable[[bytes], bytes]], day: date | None = None
) -> bytes:
    """Change some parts of a zip package, not their order, nor their dates unless all get one.

    Raise KeyError for a part that it does not have.
    """
    stamp = (max(day.year, _OLDEST), day.month, day.day, 0, 0, 0) if day else None
    made = BytesIO()
    with ZipFile(BytesIO(package)) as was, ZipFile(made, "w", ZIP_DEFLATED) as now:
        if missing := parts.keys() - was.namelist():
            raise KeyError(*missing)
        for part in was.infolist():
            content = was.read(part)
            change = parts.get(part.filename)
            info = ZipInfo(part.filename, stamp or part.date_time)
            info.compress_type = part.compress_type
            now.writestr(info, change(content) if change else content)
    return made.getvalue()


def opened(package: bytes, main: str) -> BytesIO:
    """Return a package, or a template as the document or presentation that it is one of."""
    kind = f"ml.{main}.main".encode()
    types = {_TYPES: lambda said: said.replace(b"ml.template.main", kind)}
    return BytesIO(repacked(package, types))


def parsed(said: bytes) -> "_Element":
    """Read XML that may come from a client: no entities, no network."""
    from lxml.etree import XMLParser, fromstring  # noqa: PLC0415 - optional

    # A logo is one long text.
    return fromstring(said, XMLParser(resolve_entities=False, no_network=True, huge_tree=True))


def written(root: "_Element") -> bytes:
    """Write XML in UTF-8."""
    from lxml.etree import tostring  # noqa: PLC0415 - optional

    return bytes(tostring(root, xml_declaration=True, encoding="utf-8"))


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(shipped("templates")),
        autoescape=False,  # noqa: S701 - XML of ours; a look holds only colours and a font's name
        undefined=StrictUndefined,
    )
