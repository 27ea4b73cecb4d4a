"""Draw charts beside the rest, in a process of their own.

What draws them takes long to start, and keeps Python's lock while it works.
"""

import signal
from concurrent.futures import Executor, ProcessPoolExecutor
from multiprocessing import get_context

from rse_plan.documents.kit.look import Look
from rse_plan.documents.kit.marks import Chart


def artist() -> Executor:
    """Return what draws charts one after the other; its process starts with the first one."""
    return ProcessPoolExecutor(1, get_context("spawn"), _leave_interrupts)


def _leave_interrupts() -> None:
    """Leave it to the process that asked for charts to stop on an interrupt."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def prepare() -> None:
    """Start what draws, so that the first chart finds it ready."""
    from rse_plan.documents.kit.forms.drawing import start  # noqa: PLC0415 - optional, and slow

    start()


def draw(chart: Chart, name: str, look: Look, locale: str) -> str:
    """Draw a chart as SVG."""
    from rse_plan.documents.kit.forms.drawing import svg  # noqa: PLC0415 - optional, and slow

    return svg(chart, name, look, locale)
