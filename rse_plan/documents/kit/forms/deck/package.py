"""The package of a deck: the same plan gives the same bytes, whoever made it and when."""

from datetime import date, datetime, time
from io import BytesIO

from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.presentation import Presentation

from rse_plan.documents.kit.forms.styles import repacked
from rse_plan.language import Language

# What a template says of itself: a picture of its slides, their titles, who wrote it.
_OF_TEMPLATES = {RELATIONSHIP_TYPE.THUMBNAIL, RELATIONSHIP_TYPE.EXTENDED_PROPERTIES}
# What a property can hold.
_LONGEST = 255


def packed(presentation: Presentation, title: str, say: Language, day: date) -> bytes:
    """Save a deck with its title and its day, and nothing of its template's."""
    package = presentation.part.package
    for number, relation in list(package._rels.items()):  # noqa: SLF001 - no public list
        if relation.reltype in _OF_TEMPLATES:
            package.drop_rel(number)
    made = datetime.combine(day, time())
    properties = presentation.core_properties
    properties._element[:] = []  # noqa: SLF001 - empty names would be names
    properties.title, properties.language = title[:_LONGEST], say("kit.tag")
    properties.created = properties.modified = made
    found = BytesIO()
    presentation.save(found)
    return repacked(found.getvalue(), {}, day)
