"""Where people run it: the hook of pre-commit, the action of GitHub, and our own files."""

import os
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import yaml

from rse_plan.files.discovery import is_named_ours

ROOT = Path(__file__).parents[1]
HOOK: dict[str, Any] = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())[0]
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text())
BAD = "kind: organisation\nname: Essai\nheadcoutn: 3\n"


def run(command: list[str], folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command where `rse-plan` is the one of these tests."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    kept = {name: value for name, value in os.environ.items() if not name.startswith("RSE_PLAN")}
    return subprocess.run(  # noqa: S603 - our own commands
        command, cwd=folder, env={**kept, "PATH": path, **environment},
        capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("path", "ours"),
    [
        ("org.yaml", True),
        ("clients/acme/org.yml", True),
        ("org-2027-04.rse-plan.yaml", True),
        ("clients/acme.rse-plan.json", True),
        ("org-chart.yaml", False),
        ("docker-compose.yaml", False),
        ("organigramme/notes.yaml", False),
        ("package.json", False),
    ],
)
def test_the_hook_takes_the_files_that_are_ours_by_name(path: str, ours: bool) -> None:
    assert bool(re.search(HOOK["files"], path)) is ours
    assert is_named_ours(Path(path)) is ours


def test_the_hook_runs_on_the_files_it_is_given(tmp_path: Path) -> None:
    (tmp_path / "org.yaml").write_text(BAD)
    ran = run([*HOOK["entry"].split(), "org.yaml"], tmp_path)
    assert ran.returncode == 1
    assert "org.yaml:3:1: unknown-key" in ran.stdout


def test_no_program_in_the_folder_of_a_client_is_run(tmp_path: Path) -> None:
    pytest.importorskip("vl_convert")
    for module in ("struct", "signal", "pickle", "vl_convert", "jinja2"):
        (tmp_path / f"{module}.py").write_text("raise SystemExit(42)")
    plan = ROOT / "examples" / "invented-28-sites" / "plan.yaml"
    asked = ["rse-plan", "render", str(plan), "-o", "out", "--only", "framing-note"]
    ran = run([*asked, "--to", "html"], tmp_path)
    assert (ran.returncode, ran.stdout) == (0, "")
    assert (tmp_path / "out" / "note-de-cadrage.html").is_file()


def test_what_draws_ends_with_the_run_that_asks(tmp_path: Path) -> None:
    pytest.importorskip("vl_convert")
    plan = ROOT / "examples" / "invented-28-sites" / "plan.yaml"
    asked = [sys.executable, "-m", "rse_plan", "render", str(plan), "-o", str(tmp_path)]
    running = subprocess.Popen(asked, stderr=subprocess.PIPE)  # noqa: S603 - our own
    time.sleep(0.8)
    running.kill()
    # The end of what it says comes only when nobody holds it open.
    running.communicate(timeout=30)


def test_a_picture_has_the_letters_that_its_drawing_has(tmp_path: Path) -> None:
    """Charts are drawn in one process, and put into office documents in another."""
    docx = pytest.importorskip("docx")
    plan = ROOT / "examples" / "invented-28-sites" / "plan.yaml"
    asked = ["rse-plan", "render", str(plan), "-o", ".", "--only", "framing-note"]
    assert run([*asked, "--to", "md,docx"], tmp_path).returncode == 0
    written = docx.Document(str(tmp_path / "note-de-cadrage.docx"))
    (picture,) = [one.target_part for one in written.part.rels.values() if "image" in one.reltype]
    drawing = (tmp_path / "charts" / "fr" / "timeline.svg").read_text(encoding="utf-8")
    pictures = pytest.importorskip("rse_plan.documents.kit.forms.pictures")
    assert picture.blob == pictures.png(drawing)


def step(name: str) -> dict[str, Any]:
    """Return a step of the action."""
    found: dict[str, Any] = next(one for one in ACTION["runs"]["steps"] if one.get("name") == name)
    return found


def inputs(**given: str) -> dict[str, str]:
    """Return the environment of the check for some inputs, the others at their defaults."""
    values = {name: one["default"] for name, one in ACTION["inputs"].items()} | given
    return {
        name: re.sub(r"\$\{\{ inputs\.([a-z-]+) \}\}", lambda found: values[found[1]], value)
        for name, value in step("Check")["env"].items()
    }


def test_the_action_annotates_the_lines_at_fault(tmp_path: Path) -> None:
    folder = tmp_path / "clients"
    folder.mkdir()
    (folder / "org.yaml").write_text(BAD)
    (folder / "old.yaml").write_text("kind: organisation\n")
    given = inputs(paths="clients", exclude="old.yaml", language="en")
    ran = run(["bash", "-euo", "pipefail", "-c", step("Check")["run"]], tmp_path, **given)
    assert ran.stderr == ""
    assert ran.returncode == 1
    assert re.fullmatch(
        r"::error file=clients/org.yaml,line=3,endLine=3,col=1,endColumn=9,"
        r"title=unknown-key::.*headcount.*\n",
        ran.stdout,
    )


def test_nothing_in_the_inputs_of_the_action_is_run(tmp_path: Path) -> None:
    (tmp_path / "org.yaml").write_text("kind: organisation\nname: Essai\n")
    given = inputs(paths="org.yaml $(touch ran) `touch ran` ;touch ran")
    run(["bash", "-c", step("Check")["run"]], tmp_path, **given)
    assert not (tmp_path / "ran").exists()


def test_the_action_puts_no_input_into_a_script() -> None:
    for one in ACTION["runs"]["steps"]:
        assert "${{" not in one.get("run", "")


def test_our_own_playbooks_and_examples_are_clean() -> None:
    ran = run(["rse-plan", "validate", "playbooks", "examples", "--fail-on", "warning"], ROOT)
    assert (ran.stdout, ran.stderr, ran.returncode) == ("", "", 0)


HOSTILE = {
    "a name that is suggested": (
        "sponsorship: {sponsor: Jane Marie Doe-Smith, level: executive-committee}\n"
        "executive_committee:\n  members:\n"
        '    - {role: HR, name: "Jane Maria\\e[2J\\n::error::Doe-Smith\\0"}\n'
    ),
    "twenty thousand comments": "sector: x\n" + "# rse-plan: ignore[x] y\n" * 20_000,
    "forty thousand underlines": f"sector: 1{'_' * 40_000}x\n",
    "three hundred aliases of a long text": (
        f"sector: &long {'x' * 1_000_000}\nanswers:\n"
        + "".join(f"  a-{number}: [*long]\n" for number in range(300))
    ),
    "twenty thousand sites": (
        "sites: [" + ", ".join(f"{{id: s-{n}, name: S}}" for n in range(20_000)) + "]\n"
        "roadmap: {waves: [{id: w, name: W, sites: ["
        + ", ".join(f"t-{n}" for n in range(2_000))
        + "]}]}\n"
    ),
}  # fmt: skip


@pytest.mark.parametrize("form", ["text", "github", "junit", "json"])
@pytest.mark.parametrize("name", HOSTILE)
def test_no_file_steers_a_report_or_keeps_it_from_ending(
    tmp_path: Path, name: str, form: str
) -> None:
    (tmp_path / "org.yaml").write_text(f"kind: organisation\nname: X\n{HOSTILE[name]}")
    command = ["timeout", "60", "rse-plan", "validate", "org.yaml", "--output-format", form]
    ran = run(command, tmp_path)
    assert ran.returncode in {0, 1}, ran.stderr
    assert "\x1b" not in ran.stdout
    assert "\0" not in ran.stdout
    assert not re.search(r"^::error::", ran.stdout, re.MULTILINE)
    if form == "junit":
        ET.fromstring(ran.stdout)  # noqa: S314 - our own


@pytest.mark.parametrize(
    "closed", ["validate org.yaml >&-", "validate org.yaml 2>&-", "validate - <&-"]
)
def test_a_closed_stream_is_no_fault_of_a_file(tmp_path: Path, closed: str) -> None:
    (tmp_path / "org.yaml").write_text("kind: organisation\nname: X\n")
    ran = run(["bash", "-c", f"rse-plan {closed}"], tmp_path)
    assert "Traceback" not in ran.stderr
    assert ran.returncode == (1 if "<&-" in closed else 0)


def test_a_result_that_cannot_be_written_is_not_called_a_fault_of_ours(tmp_path: Path) -> None:
    (tmp_path / "org.yaml").write_text(BAD)
    ran = run(["bash", "-c", "rse-plan validate org.yaml >/dev/full"], tmp_path)
    assert "Traceback" not in ran.stderr
    assert ran.returncode == 2


@pytest.mark.parametrize(
    "playbook",
    [
        'extends: "a\\0b"\nlanguages: [fr]',
        "extends: loop\nlanguages: [fr]",
        f"languages: [fr, {'x' * 5000}]",
    ],
)
def test_a_text_that_is_no_path_is_a_finding(tmp_path: Path, playbook: str) -> None:
    (tmp_path / "loop").symlink_to("loop")
    text = f"kind: playbook\nname: x\nversion: 1.0.0\n{playbook}\n"
    (tmp_path / "playbook.yaml").write_text(text)
    ran = run(["rse-plan", "validate", "playbook.yaml"], tmp_path)
    assert "Traceback" not in ran.stderr
    assert ran.returncode in {1, 2}


def test_the_value_of_an_option_does_not_choose_the_settings(tmp_path: Path) -> None:
    (tmp_path / "org.yaml").write_text(BAD)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "rse-plan.toml").write_text('language = "en"\n')
    first = run(["rse-plan", "validate", "--exclude", "other", "org.yaml"], tmp_path)
    last = run(["rse-plan", "validate", "org.yaml", "--exclude", "other"], tmp_path)
    assert first.stdout == last.stdout


def test_a_hook_that_names_only_what_is_left_aside_succeeds(tmp_path: Path) -> None:
    (tmp_path / "drafts").mkdir()
    (tmp_path / "drafts" / "org.yaml").write_text(BAD)
    (tmp_path / "rse-plan.toml").write_text('[validate]\nexclude = ["drafts"]\n')
    assert run([*HOOK["entry"].split(), "drafts/org.yaml"], tmp_path).returncode == 0
