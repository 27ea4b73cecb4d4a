"""Measure how long checking takes, as ratios within one run.

Run it with ``python benchmarks/validate.py`` (check-jsonschema comes with ``rse-plan[dev]``). CPU
time of one process, what is compared taking turns, so that a machine's speed cancels out; its noise
does not. Many files are also checked as people do, with a process for each core, by the clock.
"""

import re
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / "examples" / "invented-28-sites" / "org.yaml"
SCHEMA = ROOT / "schemas" / "fr" / "organisation.schema.json"
PLAN_SIZE = 210
FILES = 2000
ROUNDS = 9

BIN = Path(sys.executable).parent
NOTHING = [sys.executable, "-c", "pass"]
# What nobody who checks YAML with pydantic can do without.
FLOOR_SCRIPT = """
import sys, yaml
from pathlib import Path
from rse_plan.organisation.model import Organisation
for path in Path(sys.argv[1]).rglob("*.yaml"):
    Organisation.model_validate(yaml.load(path.read_bytes(), yaml.CSafeLoader))
"""
FLOOR = [sys.executable, "-c", FLOOR_SCRIPT]
VALIDATE = [str(BIN / "rse-plan"), "validate"]
CHECK_JSONSCHEMA = [str(BIN / "check-jsonschema"), "--schemafile", str(SCHEMA)]


def main() -> None:
    """Print the ratios and what they are held against."""
    with tempfile.TemporaryDirectory() as folder:
        one, many = Path(folder, "one"), Path(folder, "many")
        write(one, 1)
        write(many, FILES)
        print(f"{FILES} files of some {PLAN_SIZE} lines:")
        compare("CSafeLoader + pydantic", FLOOR, many, 0.5, 1)
        compare("check-jsonschema", CHECK_JSONSCHEMA, many, 0.12, 1)
        clock = (elapsed([*VALIDATE, str(many)]), elapsed([*FLOOR, str(many)]))
        show("by the clock, against CSafeLoader + pydantic", [clock], 0.5)
        print("One file:")
        compare("check-jsonschema", CHECK_JSONSCHEMA, one, 0.7, ROUNDS)
        compare("yaml + models + validate", FLOOR, one, 1.2, ROUNDS)
    turns = [(cpu([str(BIN / "rse-plan"), "--version"]), cpu(NOTHING)) for _ in range(ROUNDS)]
    show("--version, against python -c pass", turns, 1.5)


def write(folder: Path, number: int) -> None:
    """Write files of the size of a plan: the invented organisation without its last sites."""
    folder.mkdir()
    # PyYAML reads Norway as false: quoted, so that the same file is valid for it.
    text = re.sub(r"(?<!['\"])\bNO\b(?!['\"])", '"NO"', EXAMPLE.read_text(encoding="utf-8"))
    lines = text.splitlines()
    ends = [at for at, line in enumerate(lines) if line.startswith("  - id:") and at > PLAN_SIZE]
    # Without them the staff of the sites would not add up.
    kept = "\n".join(line for line in lines[: ends[0]] if not line.startswith("headcount:"))
    for index in range(number):
        (folder / f"{index}.yaml").write_text(kept + "\n", encoding="utf-8")


def compare(name: str, other: list[str], folder: Path, goal: float, rounds: int) -> None:
    """Check a folder in turns with something else."""
    files = [str(path) for path in folder.iterdir()] if other is CHECK_JSONSCHEMA else [str(folder)]
    turns = [
        (cpu([*VALIDATE, "--jobs", "1", str(folder)]), cpu([*other, *files])) for _ in range(rounds)
    ]
    show(f"against {name}", turns, goal)


def show(name: str, turns: list[tuple[float, float]], goal: float) -> None:
    """Print the median of the ratios, and the ratio of the least times."""
    spent, against = (min(times) for times in zip(*turns, strict=True))
    middle = median(ours / theirs for ours, theirs in turns)
    print(
        f"  {name}: {middle:.2f} x, least {spent / against:.2f} x (goal {goal});"
        f" {spent:.3f} s against {against:.3f} s"
    )


def elapsed(command: list[str]) -> float:
    """Return the seconds that a command takes; it has to succeed."""
    start = time.perf_counter()
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    if ran.returncode:
        raise SystemExit(ran.stdout[-2000:] + ran.stderr[-2000:])
    return time.perf_counter() - start


def cpu(command: list[str]) -> float:
    """Return the CPU seconds of a command."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    elapsed(command)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


if __name__ == "__main__":
    main()
