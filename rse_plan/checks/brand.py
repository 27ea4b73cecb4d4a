"""Colours that cannot be read: the contrast of a brand's texts with what is behind them."""

from collections.abc import Iterator

from rse_plan.files import Diagnostic, Document
from rse_plan.organisation.brand import Brand, contrast

# What WCAG 2.1 asks of texts (1.4.3).
LEAST = 4.5
_WHITE = "#ffffff"


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
