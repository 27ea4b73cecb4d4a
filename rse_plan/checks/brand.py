"""Colours that cannot be read: the contrast of a brand's texts with what is behind them.

Contrast is that of WCAG 2.1; it asks for 4.5 of texts (1.4.3).
"""

from collections.abc import Iterator

from rse_plan.files import Diagnostic, Document
from rse_plan.organisation.brand import Brand

LEAST = 4.5
_WHITE = "#ffffff"
_LINEAR_BELOW = 0.04045


def brand_findings(document: Document, brand: Brand) -> Iterator[Diagnostic]:
    """List the colours of texts that are too light on white, or on the shade."""
    yield from document.warnings
    colours = brand.colours.model_dump(exclude_none=True)
    for name in ("ink", "soft", "accent"):
        for behind in (_WHITE, colours.get("shade", _WHITE)):
            if name in colours and contrast(colours[name], behind) < LEAST:
                yield Diagnostic(
                    document.path,
                    "low-contrast",
                    document.span(("colours", name)),
                    "warning",
                    values={
                        "found": colours[name],
                        "behind": behind,
                        "contrast": f"{contrast(colours[name], behind):.1f}",
                    },
                )
                break


def contrast(first: str, second: str) -> float:
    """Return the contrast of two colours, from 1 to 21."""
    light, dark = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    if channel <= _LINEAR_BELOW:
        return channel / 12.92
    return float(((channel + 0.055) / 1.055) ** 2.4)
