"""The command that writes documents: what it writes, and what it leaves alone."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from shutil import copytree, rmtree
from typing import Any

import pytest
from command import Ran, Run
from kits import EXAMPLES, INVENTED, PLAN

from rse_plan.documents.kit.press import Press
from rse_plan.documents.kit.shelf import RECORD, SCHEMA, Shelf
from rse_plan.language import languages

Make = Callable[..., Ran]
NOTHING_NEW = "rien à écrire"


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
    refused = make("--to", "ics")
    assert (refused.code, refused.out) == (2, "")
    assert "--only" in refused.err
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


def test_an_edit_is_taken_as_current_when_asked(make: Make, here: Path) -> None:
    make()
    path, plan = here / "out" / "note-de-cadrage.md", here / "plan.yaml"
    path.write_text("Mine.\n", encoding="utf-8")
    was = plan.read_text(encoding="utf-8")
    for change in ("# once\n", "# twice\n"):
        plan.write_text(f"{was}{change}", encoding="utf-8")
        assert make("--check").code == 1
        found = make("--keep-edits")
        assert (found.code, found.out) == (0, "")
        assert "1 document modifié" in found.err
        assert path.read_text(encoding="utf-8") == "Mine.\n"
        assert make("--check") == (0, "", "")
        assert "note-de-cadrage" not in make().err
    refused = make("--keep-edits", "--force")
    assert (refused.code, refused.out) == (2, "")
    make("--force")
    assert path.read_text(encoding="utf-8").startswith("# Note de cadrage")


def test_an_edit_that_is_undone_is_no_more_kept(make: Make, here: Path) -> None:
    make()
    path, plan = here / "out" / "note-de-cadrage.md", here / "plan.yaml"
    first = path.read_text(encoding="utf-8")
    path.write_text("Mine.\n", encoding="utf-8")
    plan.write_text(
        plan.read_text(encoding="utf-8").replace("name: Cadrage", "name: Cadrage nouveau", 1),
        encoding="utf-8",
    )
    make("--keep-edits")
    path.write_text(first, encoding="utf-8")
    assert make("--check").code == 1
    make()
    assert "Cadrage nouveau" in path.read_text(encoding="utf-8")


def test_an_empty_file_is_nobody_s_edit(make: Make, here: Path) -> None:
    """So a loss of power leaves some."""
    assert make().code == 0
    note = here / "out" / "note-de-cadrage.md"
    was = note.read_bytes()
    note.write_bytes(b"")
    assert make("--check").code == 1
    assert make().code == 0
    assert note.read_bytes() == was


def test_what_nobody_edited_is_not_kept_as_an_edit(make: Make, here: Path) -> None:
    make()
    (here / "out" / RECORD).unlink()
    assert "0 document modifié" in make("--keep-edits").err
    plan = here / "plan.yaml"
    plan.write_text(plan.read_text(encoding="utf-8") + "# changed\n", encoding="utf-8")
    assert "laissé tel quel" not in make().err
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
    entry = {"written": "x", "made_from": "y"}
    kinds: list[dict[str, Any]] = [{"a": {}}, {"\udc80": entry}, {"a": {**entry, "written": 1}}]
    records = [json.dumps({"schema": SCHEMA, "files": files}) for files in kinds]
    for text in ("{", "[]", *records):
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


# ── Nothing outside, nothing lost ─────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("inside", ["note-de-cadrage.md", "kit-du-site", RECORD])
def test_no_link_leads_out_of_the_folder(make: Make, here: Path, inside: str) -> None:
    outside = here / "outside"
    outside.mkdir()
    (here / "out").mkdir()
    target = outside if inside == "kit-du-site" else outside / "new"
    (here / "out" / inside).symlink_to(target)
    found = make("--force")
    assert (found.code, found.out) == (2, "")
    assert inside in found.err
    assert [*outside.iterdir()] == []


def test_what_is_edited_while_documents_are_written_is_kept(
    make: Make, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make()
    plan, path = here / "plan.yaml", here / "out" / "note-de-cadrage.md"
    plan.write_text(plan.read_text(encoding="utf-8") + "# changed\n", encoding="utf-8")
    made = Press.made

    def edited_meanwhile(press: Press, *asked: Any) -> bytes:
        path.write_text("Mine.\n", encoding="utf-8")
        return made(press, *asked)

    monkeypatch.setattr(Press, "made", edited_meanwhile)
    found = make()
    assert path.read_text(encoding="utf-8") == "Mine.\n"
    assert "note-de-cadrage.md" in found.err


def test_a_run_that_stops_knows_what_it_wrote(
    make: Make, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, count = Press.made, iter(range(1000))

    def failing(press: Press, *asked: Any) -> bytes:
        if next(count) > 20:
            raise MemoryError
        return made(press, *asked)

    with monkeypatch.context() as patched:
        patched.setattr(Press, "made", failing)
        assert make().code != 0
    written = {path for path in (here / "out").rglob("*") if path.is_file()}
    record = Shelf.read((here / "out" / RECORD).read_text(encoding="utf-8"))
    noted = {here / "out" / path for path in record.entries}
    assert noted
    assert noted <= written
    assert make().code == 0
    assert make("--check").code == 0


def test_two_runs_keep_each_other_s_notes(make: Make, here: Path) -> None:
    make("--to", "md")
    shelf = Shelf.read((here / "out" / RECORD).read_text(encoding="utf-8"))
    make("--to", "html")
    both = Shelf.read((here / "out" / RECORD).read_text(encoding="utf-8"))
    assert shelf.entries.items() <= both.entries.items()


def test_documents_are_made_again_when_a_rule_changes(run: Run, here: Path) -> None:
    copytree(EXAMPLES / "own-playbook", here / "own")
    (here / "further").mkdir()
    (here / "further" / "playbook.yaml").write_text(
        "kind: playbook\nname: further\nversion: 1.0.0\nextends: ../own\nlanguages: [fr, en]\n",
        encoding="utf-8",
    )
    for code in languages():
        texts = here / "further" / "texts" / code
        texts.mkdir(parents=True)
        (texts / "playbook.yaml").write_text(
            "kind: playbook-texts\nname: Further\n", encoding="utf-8"
        )
    (here / "plan.yaml").write_bytes((INVENTED / "plan.yaml").read_bytes())
    asked = ["render", "plan.yaml", "-o", "out", "--only", "budget", "--to", "md"]
    for playbook in ("own", "further"):
        assert run(*asked, "--playbook", playbook).err.startswith("1 ")
        assert NOTHING_NEW in run(*asked, "--playbook", playbook).err
        texts = next((here / "own" / "texts" / "fr").rglob("*.yaml"))
        texts.write_text(texts.read_text(encoding="utf-8") + "# changed\n", encoding="utf-8")
        assert run(*asked, "--playbook", playbook).err.startswith("1 ")


def test_what_is_doubtful_is_said_each_time(make: Make, here: Path) -> None:
    own = (INVENTED / "org.yaml").read_text(encoding="utf-8")
    changed = own.replace("Faire circuler", "Faire mieux circuler")
    (here / "org.yaml").write_text(changed, encoding="utf-8")
    for _ in range(3):
        assert "rse-plan plan --update" in make().err
    (here / "org.yaml").write_text(own, encoding="utf-8")
    make()
    assert NOTHING_NEW in make().err
    assert make("--check") == (0, "", "")


@pytest.mark.parametrize("changed", ["plan.yaml", "out/note-de-cadrage.md", "out/charts"])
def test_nothing_is_new_only_while_nothing_changed(make: Make, here: Path, changed: str) -> None:
    pytest.importorskip("vl_convert")
    make()
    assert NOTHING_NEW in make().err
    path = here / changed
    if path.is_dir():
        rmtree(path)
    else:
        path.write_text(path.read_text(encoding="utf-8") + "# changed\n", encoding="utf-8")
    assert NOTHING_NEW not in make().err


def test_a_merged_record_settles_nothing(make: Make, here: Path) -> None:
    make()
    record, path = here / "out" / RECORD, here / "out" / "note-de-cadrage.md"
    old, first = json.loads(record.read_text(encoding="utf-8")), path.read_bytes()
    plan = here / "plan.yaml"
    plan.write_text(
        plan.read_text(encoding="utf-8").replace("name: Cadrage", "name: Cadrage nouveau", 1),
        encoding="utf-8",
    )
    make()
    merged = json.loads(record.read_text(encoding="utf-8"))
    merged["files"][path.name] = old["files"][path.name]
    record.write_text(json.dumps(merged), encoding="utf-8")
    path.write_bytes(first)
    assert make("--check").code == 1


def test_what_other_runs_wrote_is_looked_at_anew(make: Make, here: Path) -> None:
    make()
    plan = here / "plan.yaml"
    was = plan.read_text(encoding="utf-8")
    plan.write_text(was + "# changed\n", encoding="utf-8")
    make("--to", "html")
    plan.write_text(was, encoding="utf-8")
    assert NOTHING_NEW not in make().err
    assert NOTHING_NEW in make().err
    make("--to", "html")
    assert NOTHING_NEW not in make().err


def test_what_no_site_calls_for_any_more_is_named(run: Run, here: Path) -> None:
    plan = here / "plan.yaml"
    plan.write_bytes((INVENTED / "plan.yaml").read_bytes())
    assert run("render", "plan.yaml", "-o", "out", "--to", "md").code == 0
    gone = here / "out" / "kit-du-site" / "closed.md"
    gone.write_text("x", encoding="utf-8")
    record = here / "out" / RECORD
    noted = Shelf.read(record.read_text(encoding="utf-8"))
    record.write_text(noted.with_file("kit-du-site/closed.md", "x", b"x").text(), encoding="utf-8")
    found = run("render", "plan.yaml", "-o", "out", "--to", "md", "--check")
    assert found.code == 1
    assert "closed.md" in found.err
    gone.unlink()
    assert run("render", "plan.yaml", "-o", "out", "--to", "md").code == 0
    assert "closed.md" not in record.read_text(encoding="utf-8")


def test_each_language_has_its_charts(run: Run, here: Path) -> None:
    pytest.importorskip("vl_convert")
    (here / "plan.yaml").write_bytes((INVENTED / "plan.yaml").read_bytes())
    asked = ["render", "plan.yaml", "-o", "out", "--only", "framing-note", "--to", "md"]
    for code in languages():
        run(*asked, "--language", code)
    for code in languages():
        assert run(*asked, "--language", code, "--check").code == 0
        assert (here / "out" / "charts" / code / "timeline.svg").is_file()


def test_the_deck_is_a_document_too(run: Run, here: Path) -> None:
    pytest.importorskip("pptx")
    (here / "plan.yaml").write_bytes((INVENTED / "plan.yaml").read_bytes())
    asked = ["render", "plan.yaml", "-o", "out", "--only", "steering-deck", "--to", "pptx"]
    assert run(*asked).code == 0
    assert [path.suffix for path in (here / "out").iterdir() if path.suffix != ".json"] == [".pptx"]


def test_a_plan_with_errors_is_refused(make: Make, here: Path) -> None:
    plan = here / "plan.yaml"
    text = plan.read_text(encoding="utf-8")
    first, second = (site.id for site in PLAN.sites[:2])
    plan.write_text(text.replace(f"- id: {second}\n", f"- id: {first}\n"), encoding="utf-8")
    found = make()
    assert found.code == 1
    assert "plan.yaml:" in found.err
    assert not (here / "out").exists()
