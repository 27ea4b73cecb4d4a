"""How documents look: the colours, the font and the files of a client, else ours.

A brand is a folder. What it holds is found by its name; each part may be missing::

    brand.yaml                colours and font
    logo.png                  or .svg
    document.docx             or .dotx, the styles of Word documents
    document.odt              or .ott, those of OpenDocument texts
    deck.pptx                 or .potx, the slides
    templates/<language>/kit  Jinja templates before ours
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rse_plan.files import load, read_file
from rse_plan.organisation.brand import Brand

BRAND, TEMPLATES = "brand.yaml", "templates"
_WORD = ("document.docx", "document.dotx")
_OPENDOCUMENT = ("document.odt", "document.ott")
_DECK = ("deck.pptx", "deck.potx")
_LOGO = ("logo.png", "logo.svg")


@dataclass(frozen=True)
class Look:
    """Colours as ``#rrggbb``, a font that office software has, and the client's own files.

    The logo is a PNG; `templates` a folder of Jinja templates by language.
    """

    ink: str = "#1d2733"
    soft: str = "#55616f"
    line: str = "#cfd6de"
    accent: str = "#0b5c8a"
    shade: str = "#f2f5f8"
    font: str = "Calibri"
    logo: bytes | None = None
    word: bytes | None = None
    opendocument: bytes | None = None
    deck: bytes | None = None
    templates: Path | None = None


def read_look(folder: Path) -> Look:
    """Read a brand; raise InvalidFileError for what is wrong with ``brand.yaml``."""
    said: dict[str, str] = {}
    if (folder / BRAND).is_file():
        brand = load(Brand, read_file(folder / BRAND))
        said = brand.colours.model_dump(exclude_none=True)
        said |= {"font": brand.font} if brand.font else {}
    templates = folder / TEMPLATES
    return Look(
        **said,
        logo=_logo(folder),
        word=_first(folder, _WORD),
        opendocument=_first(folder, _OPENDOCUMENT),
        deck=_first(folder, _DECK),
        templates=templates if templates.is_dir() else None,
    )


def unknown_parts(folder: Path) -> Iterator[Path]:
    """List what a brand holds that nothing reads, such as a file with a slip in its name."""
    known = {BRAND, TEMPLATES, *_WORD, *_OPENDOCUMENT, *_DECK, *_LOGO}
    for path in sorted(folder.iterdir()):
        if path.name not in known and not path.name.startswith("."):
            yield path


def _first(folder: Path, names: Sequence[str]) -> bytes | None:
    return next(((folder / one).read_bytes() for one in names if (folder / one).is_file()), None)


def _logo(folder: Path) -> bytes | None:
    """Read the logo as PNG, which every format takes."""
    drawn = folder / "logo.svg"
    if drawn.is_file():
        from vl_convert import svg_to_png  # noqa: PLC0415 - optional, and slow to import

        return bytes(svg_to_png(drawn.read_text(encoding="utf-8"), scale=2))
    return _first(folder, _LOGO)
