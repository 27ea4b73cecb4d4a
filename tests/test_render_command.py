"""The command that writes documents: what it writes, and what it leaves alone."""

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from command import Ran, Run
from kits import EXAMPLES, INVENTED, PLAN

from rse_plan.documents.kit.shelf import RECORD, Shelf

Make = Callable[..., Ran]


@pytest.fixture
def make(run: Run, here: Path) -> Make:
    """Render some documents of a plan into a folder."""
    (here / "plan.yaml").write_bytes((INVENTED / "plan.yaml").read_bytes())

    def made(*arguments: str) -> Ran:
        return run(
            "render", "plan.yaml", "-o", "out", "--only", "site-kit", "--only", "framing-note",
            *arguments,
        )  # fmt: skip

    return made


def test_documents_are_written_once(make: Make, here: Path) -> None:
    pytest.importorskip("vl_convert")
    assert make().code == 0
    files = sorted(path for path in (here / "out").rglob("*") if path.is_file())
    # Two forms of each, the chart of the framing note, and the record.
    assert len(files) == 2 * (1 + len(PLAN.sites)) + 1 + 1
    was = {path: path.stat().st_mtime_ns for path in files}
    again = make()
    assert again.code == 0
    assert {path: path.stat().st_mtime_ns for path in files} == was


def test_a_calendar_is_one_file_of_the_whole_plan(
    make: Make, here: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("icalendar")
    assert make("--to", "ics").code == 0
    assert not (here / "out" / "calendrier.ics").exists()
    assert run("render", "plan.yaml", "-o", "out", "--to", "ics").code == 0
    assert (here / "out" / "calendrier.ics").is_file()
    monkeypatch.setitem(sys.modules, "icalendar", None)
    found = run("render", "plan.yaml", "-o", "other", "--to", "ics")
    assert (found.code, found.out) == (2, "")
    assert "rse-plan[office]" in found.err


def test_another_organisation_is_not_mixed_in(make: Make, here: Path) -> None:
    other = (EXAMPLES / "neovia" / "org.yaml").read_text(encoding="utf-8")
    (here / "org.yaml").write_text(other, encoding="utf-8")
    found = make()
    assert found.code == 0
    assert "Neovia" in found.err
    text = (here / "out" / "note-de-cadrage.md").read_text(encoding="utf-8")
    refused = make("--organisation", "org.yaml", "--force")
    assert (refused.code, refused.out) == (2, "")
    (here / "org.yaml").unlink()
    assert make("--force").code == 0
    assert (here / "out" / "note-de-cadrage.md").read_text(encoding="utf-8") == text
    own = (INVENTED / "org.yaml").read_text(encoding="utf-8")
    (here / "org.yaml").write_text(own, encoding="utf-8")
    assert "rse-plan plan --update" not in make().err
    changed = own.replace("Faire circuler", "Faire mieux circuler")
    (here / "org.yaml").write_text(changed, encoding="utf-8")
    assert "rse-plan plan --update" in make().err
    assert "is not in English" not in make("--language", "en").err
    (here / "org.yaml").unlink()
    assert "is not in English" in make("--language", "en").err


def test_what_a_person_edited_is_left_alone_until_forced(make: Make, here: Path) -> None:
    make()
    path = here / "out" / "note-de-cadrage.md"
    path.write_text("Mine.\n", encoding="utf-8")
    assert make("--check").code == 0
    assert "-Mine." in make("--diff").out
    plan = here / "plan.yaml"
    plan.write_text(plan.read_text(encoding="utf-8") + "# changed\n", encoding="utf-8")
    checked = make("--check")
    assert checked.code == 1
    assert "note-de-cadrage.md" in checked.err
    assert "-Mine." in make("--diff").out
    left = make()
    assert left.code == 0
    assert "note-de-cadrage.md" in left.err
    assert path.read_text(encoding="utf-8") == "Mine.\n"
    assert make("--force").code == 0
    assert path.read_text(encoding="utf-8").startswith("# Note de cadrage")
    assert make("--check").code == 0


def test_a_lost_record_loses_no_edit(make: Make, here: Path) -> None:
    make()
    path = here / "out" / "note-de-cadrage.md"
    path.write_text("Mine.\n", encoding="utf-8")
    (here / "out" / RECORD).unlink()
    assert make().code == 0
    assert path.read_text(encoding="utf-8") == "Mine.\n"
    record = Shelf.read((here / "out" / RECORD).read_text(encoding="utf-8"))
    assert "note-de-cadrage.md" not in record.entries
    assert "note-de-cadrage.html" in record.entries


def test_a_record_that_cannot_be_read_stops_everything(make: Make, here: Path) -> None:
    make()
    for text in ("{", "[]", json.dumps({"schema": "rse-plan/documents/1", "files": {"a": {}}})):
        (here / "out" / RECORD).write_text(text, encoding="utf-8")
        found = make()
        assert (found.code, found.out) == (2, "")
        assert RECORD in found.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--to", "md,doc"), "doc"),
        (("--to", ","), "--to"),
        (("--only", "framing"), "framing"),
        (("--organisation", "nowhere.yaml"), "nowhere.yaml"),
    ],
)
def test_what_cannot_be_done_is_said(make: Make, arguments: tuple[str, ...], said: str) -> None:
    found = make(*arguments)
    assert (found.code, found.out) == (2, "")
    assert said in found.err
