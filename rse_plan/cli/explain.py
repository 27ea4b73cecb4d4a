"""``rse-plan explain``: why a rule is there, who says so, how it counts, what to do."""

from typing import Annotated

import typer

from rse_plan.cli import output
from rse_plan.cli.inputs import read_settings
from rse_plan.cli.options import LanguageOption, PlaybookOption
from rse_plan.documents.explanation import Explainer, Explanation, code_explanation
from rse_plan.files import InvalidFileError, closest
from rse_plan.files.resources import CORE
from rse_plan.language import Language


def explain(
    identifier: Annotated[str | None, typer.Argument(metavar="[ID]")] = None,
    *,
    playbook: PlaybookOption = CORE,
    language: LanguageOption,
) -> None:
    """Explain one id, or list them all."""
    from rse_plan.views.explanation import explanation_view, index_view  # noqa: PLC0415 - slow

    if identifier is None:
        view = index_view(_explainer(playbook, language).index())
    else:
        view = explanation_view(_explained(identifier, playbook, language), language)
    output.put(output.draw([view]))


def _explainer(playbook: str, language: Language) -> Explainer:
    return Explainer(read_settings(playbook, language).playbook, language)


def _explained(identifier: str, playbook: str, language: Language) -> Explanation:
    """Explain one id; a code even without the playbook, which may be what is at fault."""
    is_code = identifier in language.table("diagnostics")["codes"]
    if is_code and playbook == CORE:
        # Nothing in our playbook is called like a code.
        return code_explanation(identifier, language)
    try:
        explainer = _explainer(playbook, language)
    except InvalidFileError:
        if not is_code:
            raise
        return code_explanation(identifier, language)
    if identifier not in explainer.identifiers:
        meant = closest(identifier, explainer.identifiers)
        hint = language("did_you_mean", word=meant) if meant else language("errors.list_ids")
        raise output.WrongUseError(f"{language('errors.unknown_id', id=identifier)} {hint}")
    return explainer(identifier)
