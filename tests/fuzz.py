"""Throw bytes and mutated files at all that reads one: nothing but diagnostics may come out.

Run it with ``python tests/fuzz.py -max_total_time=600 [CORPUS]`` after ``pip install atheris``.
CORPUS is a folder to keep what is found in. It begins with the bad files and the examples.
"""

import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["rse_plan", "yaml", "json"]):
    from rse_plan.checks.validation import check_content
    from rse_plan.documents.reports import FORMATS, Report, write
    from rse_plan.files import lines_of
    from rse_plan.language import Language

HERE = Path(__file__).parent
LANGUAGES = (Language("fr"), Language("en"))
ROOT = HERE.parent
SEEDS = (HERE / "invalid", HERE / "invalid_playbooks", ROOT / "examples", ROOT / "playbooks")


def check(content: bytes) -> None:
    """Check one content as YAML and as JSON, and say what is found in every form."""
    for path in ("org.yaml", "org.json"):
        checked = check_content(content, path, lambda _: "core", "fr")
        lines = lines_of(content.decode("utf-8-sig", errors="replace"))
        for language in LANGUAGES:
            report = Report(checked.diagnostics, checked.paths, language, {path: lines}.__getitem__)
            for form in FORMATS:
                write(report, form)


def main() -> None:
    """Fuzz until libFuzzer's own limits stop it."""
    with tempfile.TemporaryDirectory() as kept:
        # libFuzzer writes into the first folder that it is given.
        named = any(not one.startswith("-") for one in sys.argv[1:])
        folders = [*([] if named else [kept]), *map(str, SEEDS)]
        atheris.Setup([*sys.argv, *folders, "-timeout=20", "-rss_limit_mb=2048"], check)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
