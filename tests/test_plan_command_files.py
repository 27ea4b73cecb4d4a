"""The files of the plan command: links, modes, disks, and processes that are killed."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest
from command import Run
from plan_files import _WRITTEN, Make, edit

pytestmark = pytest.mark.usefixtures("few_draws")


def test_a_link_to_a_plan_stays_one_and_the_record_stands_by_the_plan(
    there: Make, here: Path
) -> None:
    (here / "real").mkdir()
    for name in ("plan.yaml", "plan.record.json"):
        (here / name).rename(here / "real" / name)
    (here / "link.yaml").symlink_to(here / "real" / "plan.yaml")
    edit(here / "org.yaml", "headcount: 200", "headcount: 250")
    found = there("--update", "-o", "link.yaml")
    assert (found.code, found.err) == (0, "")
    assert (here / "link.yaml").is_symlink()
    assert sorted(path.name for path in here.iterdir()) == ["link.yaml", "org.yaml", "real"]
    assert there("--check", "-o", "real/plan.yaml").code == 0


def test_line_ends_and_modes_of_a_file_are_kept(there: Make, here: Path) -> None:
    path = here / "plan.yaml"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    path.chmod(0o640)
    edit_bytes = (here / "org.yaml").read_bytes().replace(b"headcount: 200", b"headcount: 250")
    (here / "org.yaml").write_bytes(edit_bytes)
    assert there("--update").code == 0
    content = path.read_bytes()
    assert content.count(b"\r\n") == content.count(b"\n")
    assert b"headcount: 250\r\n" in content
    assert path.stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize(
    ("to", "said"),
    [
        (
            "missing/plan.yaml",
            "missing/plan.yaml ne peut pas être écrit : son dossier n'existe pas",
        ),
        ("org.yaml/plan.yaml", "org.yaml/plan.yaml ne peut pas être écrit : son dossier n'existe"),
        ("folder", "folder ne peut pas être écrit : c'est un dossier"),
        (f"{'x' * 300}.yaml", "x.yaml ne peut pas être écrit : le nom est trop long"),
    ],
)
def test_a_file_that_cannot_be_written_is_the_one_that_was_asked_for(
    to: str, said: str, make: Make, here: Path
) -> None:
    (here / "folder").mkdir()
    found = make("-o", to, "--force", "--language", "fr")
    assert (found.code, found.out) == (2, "")
    assert said in found.err.replace("\u00a0", " ")
    assert sorted(path.name for path in here.iterdir()) == ["folder", "org.yaml"]


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (errno.EACCES, "vous n'en avez pas le droit"),
        (errno.ENOSPC, "le disque est plein"),
        (errno.EROFS, "le disque est en lecture seule"),
        (errno.EIO, os.strerror(errno.EIO)),
    ],
)
def test_why_a_file_cannot_be_written_is_said_in_the_user_s_words(
    number: int, said: str, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    def touch(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(Path, "touch", touch)
    found = make("-o", "plan.yaml", "--language", "fr")
    assert found.code == 2
    assert f"plan.yaml ne peut pas être écrit\u00a0: {said}" in found.err


# Goes to where the files are written, kills a child before each line of it, and says what is left.
_KILLED = """
import hashlib, json, os, shutil, signal, sys
from pathlib import Path

from rse_plan.cli import output, plan
from rse_plan.cli.app import main
from rse_plan.plan import dating

simulate = dating.simulate
dating.simulate = lambda problem, schedule, _, *how: simulate(problem, schedule, 5, *how)
here, left = Path.cwd(), Path(sys.argv[1])
write = plan._write
names = ("plan.yaml", "plan.record.json")
old = {name: (here / name).read_bytes() for name in names}


def killed(count):
    def trace(frame, event, _):
        nonlocal count
        if frame.f_code.co_filename != output.__file__:
            return None
        count -= event == "line"
        if not count:
            os.kill(os.getpid(), signal.SIGKILL)
        return trace
    return trace


def tried(*arguments):
    number = 0
    while True:
        number += 1
        child = os.fork()
        if not child:
            sys.settrace(killed(number))
            write(*arguments)
            os._exit(0)
        status = os.waitpid(child, 0)[1]
        shutil.copytree(here, left / str(number))
        for path in here.iterdir():
            if path.name in names:
                path.write_bytes(old[path.name])
            elif path.name.startswith("."):
                path.unlink()
        if not os.WIFSIGNALED(status):
            break


plan._write = tried
main(sys.argv[2:])
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are killed as on POSIX")
@pytest.mark.usefixtures("there")
@pytest.mark.parametrize("is_new", [False, True])
@pytest.mark.usefixtures("there")
def test_who_is_killed_while_writing_leaves_a_whole_plan(
    is_new: bool, run: Run, here: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    edit(here / "org.yaml", "headcount: 200", "headcount: 250")
    edit(here / "org.yaml", "role: trainer, people: 1", "role: trainer, people: 0.5")
    how = ["--force"] if is_new else ["--update"]
    left = tmp_path_factory.mktemp("left")
    asked = ["plan", "org.yaml", "--language", "en", "-o", "plan.yaml"]
    subprocess.run(  # noqa: S603
        [sys.executable, "-c", _KILLED, str(left), *asked, *how],
        check=True, cwd=here, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    states = sorted(left.iterdir(), key=lambda path: int(path.name))
    whole = states.pop()
    old, new = _WRITTEN["plan.yaml"], (whole / "plan.yaml").read_bytes()
    assert len(states) > 10
    tried = set()
    for state in states:
        found = (state / "plan.yaml").read_bytes(), (state / "plan.record.json").read_bytes()
        assert found[0] in {old, new}
        if found not in tried:
            tried.add(found)
            os.chdir(state)
            after = run("plan", "org.yaml", "--language", "en", "--update")
            assert (after.code, after.err) == (0, "")
            if not is_new:
                assert (state / "plan.yaml").read_bytes() == new
    assert len(tried) == 3


def test_what_a_killed_process_left_is_in_nobody_s_way(there: Make, here: Path) -> None:
    (here / f".plan.yaml.{os.getpid()}").write_text("half", encoding="utf-8")
    edit(here / "org.yaml", "headcount: 200", "headcount: 250")
    assert there("--update").code == 0
    assert not [path for path in here.iterdir() if path.name.startswith(".")]
