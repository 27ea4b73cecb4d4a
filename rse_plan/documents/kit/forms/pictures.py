"""Drawings as pictures, their letters in the fonts that we ship."""

from functools import cache

from vl_convert import register_font_directory, svg_to_png

from rse_plan.documents.kit.look import FONTS

# Dots per pixel of a drawing: sharp in print.
_SCALE = 2


def png(drawing: str) -> bytes:
    """Return an SVG as PNG."""
    use_fonts()
    return svg_to_png(drawing, scale=_SCALE)


@cache
def use_fonts() -> None:
    """Let drawings have our fonts, in this process."""
    register_font_directory(str(FONTS))
