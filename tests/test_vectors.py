"""A playbook ships with described organisations and the results they must have."""

from pathlib import Path

from rse_plan.checks.vectors import check_vectors
from rse_plan.files import read_file
from rse_plan.playbook import playbook_folder, read_playbook, read_vectors

CORE = playbook_folder("core")


def test_every_organisation_has_the_result_that_the_playbook_promises() -> None:
    assert len(read_vectors(CORE)) > 5
    assert check_vectors(read_file(CORE / "vectors.yaml"), read_playbook(CORE, "fr")) == []


def test_a_playbook_without_vectors_has_none(tmp_path: Path) -> None:
    assert read_vectors(tmp_path) == ()
