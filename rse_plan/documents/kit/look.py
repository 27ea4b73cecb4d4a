"""How documents look: colours, fonts, and the files of a client."""

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

# The fonts of what we set ourselves, charts and PDF.
FONTS = Path(__file__).parents[1] / "fonts"
# How high the logo is at the head of a page, in millimetres.
LOGO = 11

# How wide fonts are beside Arial: our measures.
_BREADTHS = {"calibri": 0.96, "carlito": 0.96, "verdana": 1.17, "montserrat": 1.17, "poppins": 1.15}
_BREADTHS |= {"century gothic": 1.1, "trebuchet ms": 0.97, "segoe ui": 1.02}
_BREADTHS |= {"times new roman": 0.96}


class UnusablePartError(Exception):
    """A part of a look that is damaged, or not what the name of its file says."""

    def __init__(self, part: str) -> None:
        """Hold which one."""
        super().__init__(part)
        self.part = part


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


def breadth(font: str) -> float:
    """Return how wide a font is beside Arial, 1 for one that nothing is known of."""
    return _BREADTHS.get(font.lower(), 1.0)


def size(picture: bytes) -> tuple[int, int]:
    """Return the width and the height of a PNG, in pixels."""
    width, height = struct.unpack(">II", picture[16:24])
    return width, height


@contextmanager
def using(part: str) -> Iterator[None]:
    """Name the part that cannot be used: libraries fail in many ways on a damaged file."""
    try:
        yield
    except ModuleNotFoundError:
        raise
    except Exception as error:
        raise UnusablePartError(part) from error
