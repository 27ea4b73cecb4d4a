"""How documents look: colours, fonts, and the files of a client."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

# The fonts of what we set ourselves, charts and PDF.
FONTS = Path(__file__).parents[1] / "fonts"


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


@contextmanager
def using(part: str) -> Iterator[None]:
    """Name the part that cannot be used: libraries fail in many ways on a damaged file."""
    try:
        yield
    except ModuleNotFoundError:
        raise
    except Exception as error:
        raise UnusablePartError(part) from error
