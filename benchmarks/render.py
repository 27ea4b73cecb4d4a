"""Measure how long documents take, as ratios within one run.

Run it with ``python benchmarks/render.py`` (the formats of offices come with ``rse-plan[office]``).
Each command is a process of its own, so that its start counts; times are the least of a few turns,
by the wall clock, since pandoc works beside us. Jinja and markdown-it alone start and compile their
templates too, as the first run after an installation does; those after it find them compiled.
"""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from rse_plan.documents.kit.material import Material
from rse_plan.documents.kit.press import Press
from rse_plan.documents.kit.rendering import wanted
from rse_plan.documents.render import sandbox
from rse_plan.files import load, read_file
from rse_plan.organisation import read_organisation
from rse_plan.plan.model import Plan
from rse_plan.playbook import playbook_folder, read_playbook

EXAMPLE = Path(__file__).parents[1] / "examples" / "invented-28-sites"
TURNS = 5
PAGES, EVERYTHING = "md,html", "md,html,docx,odt,pdf,pptx,xlsx,ics,mspdi"
LIBRARIES = "import jinja2.sandbox, markdown_it"
# The forms of one document, as a site gets them.
KIT = "md,html,docx,odt,pdf"


def least(work: Callable[[], object], turns: int = TURNS) -> float:
    """Return the least seconds that some work takes."""
    found = []
    for _ in range(turns):
        start = time.perf_counter()
        work()
        found.append(time.perf_counter() - start)
    return min(found)


def command(folder: Path, *arguments: str, compiled: bool = True) -> Callable[[], object]:
    """Return a run of the command into a folder, with the templates that are compiled or none."""
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "" if compiled else "1"}

    def run() -> object:
        return subprocess.run(
            [sys.executable, "-m", "rse_plan", "render", EXAMPLE / "plan.yaml", "-o", folder,
             *arguments],
            check=True, capture_output=True, env=environment,
        )  # fmt: skip

    return run


def anew(folder: Path, run: Callable[[], object]) -> Callable[[], object]:
    """Return a run into a folder that is not there."""

    def from_nothing() -> object:
        shutil.rmtree(folder, ignore_errors=True)
        return run()

    return from_nothing


def filled(material: Material, *, compiled: bool) -> None:
    """Fill every document and turn it into a page: Jinja and markdown-it, which draw no charts."""
    if not compiled:
        sandbox.cache_clear()
    press = Press(material.dossier("fr"), other=material.dossier)
    for one in wanted(press.dossier, material.site_languages):
        for form in PAGES.split(","):
            press.made(form, one, one.stem)


def main() -> None:
    """Print the figures of the kit of 28 sites."""
    plan = load(Plan, read_file(EXAMPLE / "plan.yaml"))
    organisation = read_organisation(read_file(EXAMPLE / "org.yaml"))
    material = Material(plan, partial(read_playbook, playbook_folder("core")), organisation)
    count = len([*wanted(material.dossier("fr"))])
    # No compiled template is kept here.
    sys.dont_write_bytecode = True
    filled(material, compiled=False)
    start = least(partial(subprocess.run, [sys.executable, "-c", LIBRARIES], check=True))
    cold = least(lambda: filled(material, compiled=False))
    warm = least(lambda: filled(material, compiled=True))
    alone = start + cold
    print(
        f"{count} documents; Jinja and markdown-it alone: {alone:.2f} s, of which {start:.2f} s "
        f"to start, {cold - warm:.2f} s to compile templates, {warm:.2f} s to fill and read them"
    )
    with TemporaryDirectory() as name:
        folder = Path(name) / "out"
        # In a clone, modules may have to be compiled too.
        command(folder)()
        uncompiled = least(anew(folder, command(folder, "--to", PAGES, compiled=False)), 3)
        print(f"{PAGES}, templates to compile: {uncompiled:.2f} s ({uncompiled / alone:.2f} x)")
        for forms in (PAGES, KIT, EVERYTHING):
            run = command(folder, "--to", forms)
            first = least(anew(folder, run), 3)
            again = least(run)
            print(
                f"{forms}: {first:.2f} s, {first / count:.2f} s a document, "
                f"{first / alone:.2f} x Jinja and markdown-it; "
                f"again {again:.2f} s ({again / first:.2f} x)"
            )


if __name__ == "__main__":
    main()
