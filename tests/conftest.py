"""Settings of the whole suite."""

import os
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from command import Ran, Run, ran
from dialogue import Answer
from hypothesis import HealthCheck, settings
from plan_files import _WRITTEN, ORG, Make

from rse_plan.cli import questionnaire
from rse_plan.plan import dating
from rse_plan.scheduling import Problem, Schedule, simulate

settings.register_profile(
    "fast",
    max_examples=int(os.environ.get("HYPOTHESIS_MAX_EXAMPLES", "60")),
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("fast")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--golden", action="store_true", help="write the golden files anew")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--golden"))


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    return partial(ran, capsys)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def talk(run: Run, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run on a terminal where a person gives some answers, then ends the input."""

    def talked(*arguments: str, answers: list[Answer]) -> Ran:
        left: Iterator[Answer] = iter(answers)

        def typed(prompt: str) -> str:
            answer = next(left, EOFError)
            sys.stderr.write(f"{prompt} {answer}\n")
            if isinstance(answer, str):
                return answer
            if answer is UnicodeDecodeError:
                raise UnicodeDecodeError("utf-8", b"\xe9", 0, 1, "")
            raise answer

        monkeypatch.setattr(questionnaire, "_line", typed)
        for stream in (sys.stdin, sys.stderr):
            monkeypatch.setattr(stream, "isatty", lambda: True)
        monkeypatch.setenv("TERM", "dumb")
        monkeypatch.setenv("COLUMNS", "100")
        return run(*arguments)

    return talked


@pytest.fixture
def few_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    """Draw few runs: forecasts are not what is tried here."""

    def drawn(problem: Problem, schedule: Schedule, _: int, *how: Any) -> list[Schedule]:
        return simulate(problem, schedule, 5, *how)

    monkeypatch.setattr(dating, "simulate", drawn)


@pytest.fixture
def make(run: Run, here: Path) -> Make:
    """Run the command on a small organisation."""
    (here / "org.yaml").write_text(ORG, encoding="utf-8")

    def made(*arguments: str, org: str = "org.yaml") -> Ran:
        return run("plan", org, "--language", "en", *arguments)

    return made


@pytest.fixture
def there(make: Make, here: Path) -> Make:
    """Run the command where there is a plan already."""
    if not _WRITTEN:
        assert make("-o", "plan.yaml").code == 0
        for name in ("plan.yaml", "plan.record.json"):
            _WRITTEN[name] = (here / name).read_bytes()
    for name, content in _WRITTEN.items():
        (here / name).write_bytes(content)
    return make
