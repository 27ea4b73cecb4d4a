"""Settings of the whole suite."""

import os
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from command import Ran, Run, ran
from dialogue import Answer
from hypothesis import HealthCheck, settings

from rse_plan.cli import questionnaire

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
