"""Where people run it: the hook of pre-commit, the action of GitHub, and our own files."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

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
        ("clients/acme/org-2027-04.yml", True),
        ("plan.yaml", True),
        ("acme.rse-plan.yaml", True),
        ("playbooks/ours/factors/innovation.yaml", True),
        ("docker-compose.yaml", False),
        ("organigramme/notes.yaml", False),
        ("package.json", False),
    ],
)
def test_the_hook_takes_the_files_that_are_ours_by_name(path: str, ours: bool) -> None:
    assert bool(re.search(HOOK["files"], path)) is ours


def test_the_hook_runs_on_the_files_it_is_given(tmp_path: Path) -> None:
    (tmp_path / "org.yaml").write_text(BAD)
    ran = run([*HOOK["entry"].split(), "org.yaml"], tmp_path)
    assert ran.returncode == 1
    assert "org.yaml:3:1: unknown-key" in ran.stdout


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
