"""How an organisation's documents look: what ``brand.yaml`` says, beside the client's own files."""

from typing import Annotated, Literal

from pydantic import Field

from rse_plan.organisation.fact import Named
from rse_plan.organisation.model import Block

Colour = Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$"), Named("Colour")]
# No mark that could mean something in a style sheet.
Font = Annotated[str, Field(pattern=r"^[\w][\w .-]{0,60}$"), Named("Font")]

_LINEAR_BELOW = 0.04045


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


def channels(colour: str) -> tuple[float, float, float]:
    """Return the red, the green and the blue of a colour, from 0 to 1."""
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue


def contrast(first: str, second: str) -> float:
    """Return the contrast of two colours, from 1 to 21, as WCAG 2.1 defines it."""
    light, dark = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = map(_linear, channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    if channel <= _LINEAR_BELOW:
        return channel / 12.92
    return float(((channel + 0.055) / 1.055) ** 2.4)
