"""Run a command in this process: what it prints, where, and with which exit code."""

from collections.abc import Callable
from typing import NamedTuple

import pytest

from rse_plan.cli import output
from rse_plan.cli.app import main


class Ran(NamedTuple):
    code: int
    out: str
    err: str


Run = Callable[..., Ran]


def ran(capsys: pytest.CaptureFixture[str], *arguments: str) -> Ran:
    """Run a command to its end; lines that another run showed are forgotten."""
    output.lines.cache_clear()
    with pytest.raises(SystemExit) as ended:
        main(list(arguments))
    found = capsys.readouterr()
    return Ran(int(ended.value.code or 0), found.out, found.err)
