"""Draw charts beside the rest, in a process of their own.

What draws them takes long to start, and keeps Python's lock while it works. The process ends when
nobody is left to ask for charts.
"""

import json
import os
import pickle
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Self

from rse_plan.documents.kit.look import Look
from rse_plan.documents.kit.marks import Chart

# Draws a chart of some name in a look, its numbers and dates as a locale has them.
Draw = Callable[[Chart, str, Look, str], Future[str]]

_DRAWS = "rse_plan.documents.kit.forms.drawing"


class Artist:
    """Draws charts one after the other; its process starts when it is told to, or has to."""

    def __init__(self) -> None:
        """Have no process yet."""
        self._process: subprocess.Popen[bytes] | None = None
        self._asking = ThreadPoolExecutor(1)

    def __enter__(self) -> Self:
        """Be of use until the end of a block."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the process, whatever it does."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
        self._asking.shutdown(cancel_futures=True)

    def start(self) -> "subprocess.Popen[bytes]":
        """Start the process if it has not, so that the first chart finds it ready."""
        if self._process is None:
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter
                # -P: it finds its modules where we do, not where the user happens to be.
                [sys.executable, "-P", "-m", _DRAWS],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
                # An interrupt is for the one who asks.
                start_new_session=True,
            )
        return self._process

    def draw(self, chart: Chart, name: str, look: Look, locale: str) -> Future[str]:
        """Begin to draw a chart as SVG."""
        return self._asking.submit(self._drawn, chart, name, look, locale)

    def _drawn(self, *asked: object) -> str:
        process = self.start()
        if process.stdin is None or process.stdout is None:
            raise ValueError(process)
        pickle.dump(asked, process.stdin)
        process.stdin.flush()
        said = process.stdout.readline()
        if not said:
            # It has said why on stderr.
            raise RuntimeError(asked[1])
        drawn: str = json.loads(said)
        return drawn


def drawn_here(chart: Chart, name: str, look: Look, locale: str) -> Future[str]:
    """Draw a chart at once, in this process."""
    from rse_plan.documents.kit.forms.drawing import svg  # noqa: PLC0415 - optional, and slow

    made: Future[str] = Future()
    made.set_result(svg(chart, name, look, locale))
    return made
