"""What is doubtful in a playbook is told to its author, and to nobody who builds on it."""

import shutil
from pathlib import Path

import pytest

from rse_plan.checks.playbook import check_playbook
from rse_plan.checks.vectors import check_vectors
from rse_plan.files import Diagnostic, read_file
from rse_plan.playbook import playbook_folder, read_playbook
from rse_plan.playbook.layer import read_layers

HERE = Path(__file__).parent
DOUBTFUL = HERE / "invalid_playbooks"


def findings(folder: Path) -> list[Diagnostic]:
    return check_playbook(read_layers(folder, "fr"), read_playbook(folder, "fr"))


def codes(folder: Path) -> list[str]:
    return [fault.code for fault in findings(folder)]


def copied(name: str, folder: Path, replacing: dict[str, str]) -> Path:
    """Copy a doubtful playbook with other words in all of its files."""
    shutil.copytree(DOUBTFUL / name, folder, dirs_exist_ok=True)
    for path in folder.rglob("*.yaml"):
        text = path.read_text(encoding="utf-8")
        for old, new in replacing.items():
            text = text.replace(old, new)
        path.write_text(text, encoding="utf-8")
    return folder


def extending(name: str, folder: Path) -> Path:
    """Write a playbook that extends a doubtful one and adds nothing."""
    texts = folder / "texts" / "fr" / "playbook.yaml"
    texts.parent.mkdir(parents=True)
    texts.write_text("kind: playbook-texts\nname: Au-dessus\n", encoding="utf-8")
    (folder / "playbook.yaml").write_text(
        "kind: playbook\nname: above\nversion: 1.0.0\nlanguages: [fr]\n"
        f"extends: {DOUBTFUL / name}\n",
        encoding="utf-8",
    )
    return folder


def test_nothing_is_doubtful_in_the_core_playbook_but_that_vendors_document_some_of_it() -> None:
    assert set(codes(playbook_folder("core"))) == {"only-interested-sources"}


def test_nothing_is_doubtful_in_the_example_of_a_playbook() -> None:
    assert codes(HERE.parent / "examples" / "own-playbook") == []


@pytest.mark.parametrize(
    "name",
    ["dominant-weight", "gate-without-effect", "left-out", "same-value", "unused-source"],
)
def test_who_extends_a_playbook_does_not_answer_for_it(tmp_path: Path, name: str) -> None:
    assert codes(DOUBTFUL / name) != []
    assert codes(extending(name, tmp_path)) == []


def test_what_a_playbook_below_leaves_out_stays_out_when_it_is_written_anew(tmp_path: Path) -> None:
    folder = copied("same-value", tmp_path, {"extends: core": f"extends: {DOUBTFUL / 'left-out'}"})
    (fault,) = findings(folder)
    assert (fault.code, fault.path) == ("left-out", str(folder / "factors" / "ours.yaml"))


def test_a_single_factor_may_weigh_as_much_as_the_whole(tmp_path: Path) -> None:
    alone = {
        "extends: core": "levels: [{id: ready, score: 0}]",
        "name: Le nôtre": "name: Le nôtre\nlevels:\n  ready: {name: Prêt, text: Commencer.}",
        "fredwpt": "our-source",
    }
    assert codes(copied("unused-source", tmp_path, alone)) == ["unused-source"]


def test_a_vector_that_is_not_assessable_has_an_empty_verdict() -> None:
    folder = DOUBTFUL / "vector-differs"
    found = check_vectors(read_file(folder / "vectors.yaml"), read_playbook(folder, "fr"))
    assert [(fault.values["field"], fault.values["found"]) for fault in found] == [
        ("score", "[0.0, 1.0]"),
        ("verdict", "[framing, anchor]"),
        ("verdict", "[]"),
    ]
