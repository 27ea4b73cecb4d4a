"""Find the folders that ship with the product: ``playbooks`` and ``templates``."""

from functools import cache
from pathlib import Path

_PACKAGE = Path(__file__).parents[1]


# The playbook that is shipped.
CORE = "core"


@cache
def shipped(kind: str) -> Path:
    """Return a shipped folder: inside the installed package, else beside it in the checkout."""
    installed = _PACKAGE / kind
    return installed if installed.is_dir() else _PACKAGE.parent / kind
