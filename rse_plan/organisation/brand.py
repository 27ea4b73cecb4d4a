"""How an organisation's documents look: what ``brand.yaml`` says, beside the client's own files."""

from typing import Annotated, Literal

from pydantic import Field

from rse_plan.organisation.fact import Named
from rse_plan.organisation.model import Block

Colour = Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$"), Named("Colour")]
# No mark that could mean something in a style sheet.
Font = Annotated[str, Field(pattern=r"^[\w][\w .-]{0,60}$"), Named("Font")]


class Colours(Block):
    """Colours of a document; those that are not given are ours."""

    ink: Colour | None = None
    soft: Colour | None = None
    line: Colour | None = None
    accent: Colour | None = None
    shade: Colour | None = None


class Brand(Block):
    """Colours and font of an organisation's documents."""

    kind: Literal["brand"]
    colours: Colours = Colours()
    font: Font | None = None
