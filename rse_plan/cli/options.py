"""Options that mean the same in every command; their help stands with the other words."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from rse_plan.language import Language, languages, printable

FRENCH = Language("fr")


def _language(code: str) -> Language:
    if code not in languages():
        raise typer.BadParameter(FRENCH("errors.language", languages=", ".join(languages())))
    return Language(code)


def parsed_day(text: str) -> date:
    """Read a day of an option."""
    from rse_plan.organisation.fact import day  # noqa: PLC0415 - few options are days

    try:
        return day(text)
    except ValueError:
        raise typer.BadParameter(FRENCH("errors.day", given=printable(text))) from None


def parsed_share(text: str) -> float:
    """Read 60% or 0.6 as a share."""
    from rse_plan.organisation.fact import percentage  # noqa: PLC0415 - few options are shares

    share = percentage(text)
    try:
        share = float(text) if share is None else share
    except ValueError:
        share = -1
    if not 0 <= share <= 1:
        raise typer.BadParameter(FRENCH("errors.share", given=printable(text)))
    return share


LanguageOption = Annotated[
    Language,
    typer.Option(
        "--language",
        parser=_language,
        metavar="fr|en",
        envvar="RSE_PLAN_LANGUAGE",
        default_factory=lambda: FRENCH.code,
    ),
]
PlaybookOption = Annotated[
    str, typer.Option("--playbook", metavar="DIR", envvar="RSE_PLAN_PLAYBOOK")
]
OutputOption = Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE")]
ForceOption = Annotated[bool, typer.Option("--force")]
DayOption = Annotated[date | None, typer.Option("--as-of", parser=parsed_day, metavar="DATE")]
ShareOption = Annotated[float | None, typer.Option(parser=parsed_share, metavar="SHARE")]

# Begins the name of a parameter that stands for a fact, its dots written as two lines.
FACT = "fact__"


def fact_path(parameter: str) -> str:
    """Return the fact that a parameter stands for."""
    return parameter.removeprefix(FACT).replace("__", ".")
