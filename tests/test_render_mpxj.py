"""The plan in Microsoft Project's XML, as MPXJ reads and schedules it."""

import json
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from kits import PLAN
from project_files import dossier, invented, said

from rse_plan.documents.kit.forms.project import project

# MPXJ reads the file, schedules it with every task left to move, and writes it anew.
MPXJ = """
import json, sys
import jpype, mpxj
jpype.startJVM()
from org.mpxj import TaskMode
from org.mpxj.cpm import MicrosoftScheduler
from org.mpxj.mspdi import MSPDIWriter
from org.mpxj.reader import UniversalProjectReader

path, seen, written = sys.argv[1:]
found = UniversalProjectReader().read(path)
days = lambda: {str(one.getText(1)): (str(one.getStart()), str(one.getFinish())) for one in tasks}
tasks = [one for one in found.getTasks() if not one.getSummary()]
result = {
    "dates": days(),
    "above": {str(one.getText(1)): str(one.getParentTask().getText(1)) for one in tasks},
    "modes": sorted({str(one.getTaskMode()) for one in tasks}),
    "milestones": [str(one.getText(1)) for one in tasks if one.getMilestone()],
    "links": [
        (str(link.getPredecessorTask().getText(1)), str(one.getText(1)), str(link.getLag()))
        for one in tasks for link in one.getPredecessors()
    ],
    "resources": {
        str(one.getCode()): one.getMaxUnits().doubleValue() for one in found.getResources()
    },
    "work": [
        (str(one.getTask().getText(1)), str(one.getResource().getCode()), str(one.getWork()))
        for one in found.getResourceAssignments()
    ],
}
MSPDIWriter().write(found, written)
for one in found.getTasks():
    one.setTaskMode(TaskMode.AUTO_SCHEDULED)
MicrosoftScheduler().schedule(found, found.getProjectProperties().getStartDate())
result["scheduled"] = days()
open(seen, "w", encoding="utf-8").write(json.dumps(result))
"""


def test_mpxj_reads_the_plan_and_schedules_it_as_it_is(tmp_path: Path) -> None:
    """It runs in a process of its own, for its Java."""
    lacking = [name for name in ("mpxj", "jpype") if find_spec(name) is None]
    lacking += [] if shutil.which("java") else ["java"]
    if lacking:
        pytest.skip(f"reading with MPXJ needs {', '.join(lacking)}")
    path, seen, written = (tmp_path / name for name in ("plan.xml", "seen.json", "written.xml"))
    path.write_bytes(project(dossier()))
    ran = subprocess.run(  # noqa: S603 - our own script
        [sys.executable, "-c", MPXJ, path, seen, written],
        capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    read_as_it_is(json.loads(seen.read_text(encoding="utf-8")))
    in_order(ET.parse(written).getroot())  # noqa: S314 - just written


def read_as_it_is(seen: dict[str, Any]) -> None:
    found = invented()
    dates = {
        name: [said(one, end)[:16] for end in ("Start", "Finish")]
        for name, one in found.items.items()
    }
    assert seen["dates"] == seen["scheduled"] == dates
    assert seen["above"] == {name: found.above(name) for name in found.items}
    assert seen["modes"] == ["MANUALLY_SCHEDULED"]
    assert {*seen["milestones"]} == {gate.id for gate in PLAN.gates}
    links = {(start, end, f"{lag}.0{'ed' if lag else 'd'}") for start, end, lag in found.links()}
    assert {tuple(link) for link in seen["links"]} == links
    assert len(seen["links"]) == len(links)
    for name, most in seen["resources"].items():
        assert most == pytest.approx(100 * float(said(found.resources[name], "MaxUnits")))
    efforts = {one.task.id: one.task.effort_days for one in PLAN.placed}
    assert len(seen["work"]) == len(efforts) + len(PLAN.gates)
    for name, _, work in seen["work"]:
        hours = 7 * efforts.get(name, 0)
        assert float(work.removesuffix("h")) == pytest.approx(hours, abs=0.01)


def in_order(root: ET.Element) -> None:
    """Check the order, on which Microsoft Project insists, by MPXJ, which writes by the schema."""
    order = before(root)
    known = 0
    for parent, first, second in before(invented().root):
        assert (parent, second, first) not in order, (parent, first, second)
        known += (parent, first, second) in order
    assert known > 200


def before(root: ET.Element) -> set[tuple[str, str, str]]:
    """Return which elements come before which in the same parent."""
    found = set()
    for parent in root.iter():
        tags = [*dict.fromkeys(child.tag for child in parent)]
        found |= {
            (parent.tag, first, second)
            for number, first in enumerate(tags)
            for second in tags[number + 1 :]
        }
    return found
