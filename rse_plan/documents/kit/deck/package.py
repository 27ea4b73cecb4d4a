"""The package of a deck: the same plan gives the same bytes, whoever made it and when."""

from datetime import date, datetime, time
from io import BytesIO
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from pptx.opc.constants import RELATIONSHIP_TYPE

from rse_plan.documents.kit.deck.words import tag
from rse_plan.language import Language

if TYPE_CHECKING:
    from pptx.presentation import Presentation

# What a template says of itself: a picture of its slides, their titles, who wrote it.
_OF_TEMPLATES = {RELATIONSHIP_TYPE.THUMBNAIL, RELATIONSHIP_TYPE.EXTENDED_PROPERTIES}
_OLDEST = 1980
# What a property can hold.
_LONGEST = 255


def packed(presentation: "Presentation", title: str, say: Language, day: date) -> bytes:
    """Save a deck with its title and its day, and nothing of its template's."""
    package = presentation.part.package
    for number, relation in list(package._rels.items()):  # noqa: SLF001 - no public list
        if relation.reltype in _OF_TEMPLATES:
            package.drop_rel(number)
    made = datetime.combine(day, time())
    properties = presentation.core_properties
    properties._element[:] = []  # noqa: SLF001 - empty names would be names
    properties.title, properties.language = title[:_LONGEST], tag(say)
    properties.created = properties.modified = made
    found = BytesIO()
    presentation.save(found)
    return _dated(found.getvalue(), made)


def _dated(package: bytes, made: datetime) -> bytes:
    """Give all parts of a zip package one date."""
    stamp = (max(made.year, _OLDEST), made.month, made.day, 0, 0, 0)
    found = BytesIO()
    with ZipFile(BytesIO(package)) as was, ZipFile(found, "w", ZIP_DEFLATED) as now:
        for part in was.infolist():
            info = ZipInfo(part.filename, stamp)
            info.compress_type = ZIP_DEFLATED
            now.writestr(info, was.read(part))
    return found.getvalue()
