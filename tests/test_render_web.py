"""Every page of the kit, as the checkers of the web see it.

They run where WEB_CHECKERS names a folder with ``vnu-jar``, ``axe-core`` and ``puppeteer-core``
(``npm install --prefix FOLDER``), and where there are Java, Node and Chromium.
"""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from kits import dossier

from rse_plan.documents.kit.press import Press
from rse_plan.documents.kit.rendering import wanted
from rse_plan.language import languages

CHECKERS = os.environ.get("WEB_CHECKERS")
CHROMIUM = (
    shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
)
AXE = Path(__file__).with_name("axe.cjs")


@pytest.fixture(scope="module", params=languages())
def pages(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Write every page of the kit in a language."""
    pytest.importorskip("vl_convert")
    folder = tmp_path_factory.mktemp("pages")
    found = dossier(request.param, draws=True)
    press, paths = Press(found), []
    for one in wanted(found):
        path = folder / f"{one.stem.replace('/', '-')}.html"
        path.write_bytes(press.made("html", one, one.stem))
        paths.append(path)
    return paths


def test_pages_are_valid_html(pages: list[Path]) -> None:
    java = shutil.which("java")
    if not (CHECKERS and java):
        pytest.skip("no Java, or WEB_CHECKERS names no folder with vnu-jar")
    jar = Path(CHECKERS) / "vnu-jar/build/dist/vnu.jar"
    done = subprocess.run(  # noqa: S603 - a checker, on files of ours
        [java, "-jar", jar, "--format", "json", *pages], capture_output=True, check=False
    )
    messages = json.loads(done.stderr)["messages"]
    assert [one["message"] for one in messages if one["type"] == "error"] == []


def test_pages_are_accessible_and_ask_for_nothing(pages: list[Path]) -> None:
    node = shutil.which("node")
    if not (CHECKERS and node and CHROMIUM):
        pytest.skip("no Node or Chromium, or WEB_CHECKERS names no folder with axe-core")
    done = subprocess.run(  # noqa: S603 - a checker, on files of ours
        [node, AXE, CHROMIUM, *pages],
        env=os.environ | {"NODE_PATH": CHECKERS},
        capture_output=True,
        check=True,
    )
    assert json.loads(done.stdout) == []
