"""The deck of the steering committee: PowerPoint whose texts, tables and charts can be edited.

Markdown is read into slides (``slides``), their texts are measured (``measure``), spread over as
many pages as they take (``flow``) and placed beside the charts (``pages``), in a client's design
(``design``) or ours (``ours``). Then they are drawn (``drawing``, ``words``, ``tables``, ``native``
with its ``figures``), and packed so that the same plan gives the same bytes (``package``).
"""

from collections.abc import Mapping
from datetime import date

from rse_plan.documents.kit.forms.deck.slides import slides
from rse_plan.documents.kit.look import Look
from rse_plan.documents.kit.marks import Chart
from rse_plan.language import Language


def deck(
    markdown: str, charts: Mapping[str, Chart], look: Look, foot: str, say: Language, day: date
) -> bytes:
    """Write a deck as ``.pptx``; raise UnusablePartError for a file that cannot be its template.

    Raise ModuleNotFoundError without python-pptx.
    """
    from rse_plan.documents.kit.forms.deck.design import design  # noqa: PLC0415 - optional
    from rse_plan.documents.kit.forms.deck.drawing import Pen  # noqa: PLC0415 - optional
    from rse_plan.documents.kit.forms.deck.package import packed  # noqa: PLC0415 - optional

    found = slides(markdown, charts)
    pen = Pen(design(look, say, day), foot)
    for slide in found:
        pen.draw(slide)
    if look.logo and look.deck is None:
        pen.place_logo(look.logo)
    return packed(pen.design.presentation, found[0].title, say, day)
