"""``rse-plan assess``: score, explain, ask, advise."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

import typer

from rse_plan.assessment import Assessment
from rse_plan.cli import output
from rse_plan.cli.inputs import assess_files, read_settings
from rse_plan.cli.options import (
    DayOption,
    ForceOption,
    LanguageOption,
    OutputOption,
    PlaybookOption,
    ShareOption,
)
from rse_plan.files.resources import CORE
from rse_plan.language import Language

Format = Literal["text", "json", "markdown", "csv"]


def assess(  # noqa: PLR0913 - one parameter for each option
    organisations: Annotated[list[Path], typer.Argument(metavar="ORG...")],
    *,
    output_format: Annotated[
        Format, typer.Option("--output-format", envvar="RSE_PLAN_OUTPUT_FORMAT")
    ] = "text",
    playbook: PlaybookOption = CORE,
    language: LanguageOption,
    as_of: DayOption = None,
    effort: Annotated[float | None, typer.Option("--effort", min=0, metavar="DAYS")] = None,
    draws: Annotated[int | None, typer.Option("--draws", min=1, max=1_000_000)] = None,
    kappa: Annotated[float | None, typer.Option("--kappa", min=0.001, max=1e6)] = None,
    seed: Annotated[int | None, typer.Option("--seed", min=0)] = None,
    fail_under: ShareOption = None,
    min_coverage: ShareOption = None,
    to: OutputOption = None,
    force: ForceOption = False,
) -> None:
    """Score organisations; exit 1 when one is under a wanted score or coverage."""
    settings = read_settings(playbook, language, as_of, effort)
    settings = settings.drawing(draws=draws, kappa=kappa, seed=seed)
    found = assess_files(organisations, settings)
    text = _FORMATS[output_format](found, language, to is not None)
    output.deliver(text, to, language, force=force)
    findings = [said for one in found for said in _short(one, language, fail_under, min_coverage)]
    for finding in findings:
        output.warn(finding)
    if findings:
        raise typer.Exit(output.FINDINGS)


def _short(
    found: Assessment, language: Language, score: float | None, coverage: float | None
) -> Iterator[str]:
    """Say in what an assessment falls short of what is wanted."""
    name = found.organisation.name
    if score is not None and found.verdict is None:
        yield language("errors.not_assessable", organisation=name)
    for key, value, wanted in (
        ("under", found.score[0], score),
        ("coverage", found.coverage, coverage),
    ):
        if wanted is not None and value < wanted:
            said, asked = (language.percent(share, 1) for share in (value, wanted))
            yield language(f"errors.{key}", organisation=name, found=said, wanted=asked)


def _text(found: list[Assessment], language: Language, to_file: bool) -> str:
    from rse_plan.views.assessment import assessment_view  # noqa: PLC0415 - only for a terminal

    return output.draw([assessment_view(one, language) for one in found], to_file=to_file)


def _json(found: list[Assessment], _: Language, __: bool) -> str:
    from rse_plan.assessment.record import record  # noqa: PLC0415 - only for JSON

    records = [record(one).model_dump(mode="json") for one in found]
    return json.dumps(records[0] if len(records) == 1 else records, ensure_ascii=False, indent=2)


def _markdown(found: list[Assessment], language: Language, _: bool) -> str:
    from rse_plan.documents.render import assessment_markdown  # noqa: PLC0415 - only for documents

    return "\n".join(assessment_markdown(one, language) for one in found)


def _csv(found: list[Assessment], _: Language, __: bool) -> str:
    from rse_plan.documents.table import portfolio_csv  # noqa: PLC0415 - pandas is slow to import

    return portfolio_csv(found)


_FORMATS = {"text": _text, "json": _json, "markdown": _markdown, "csv": _csv}
