"""The kinds of file there are, by the name that a file's ``kind:`` gives."""

from typing import Literal, get_args

from pydantic import BaseModel

PlaybookKind = Literal[
    "playbook", "factor", "rollout", "phase", "sources", "vectors",
    "factor-texts", "playbook-texts", "rollout-texts", "phase-texts",
]  # fmt: skip
Kind = Literal["organisation", "plan", "brand", PlaybookKind]

PLAYBOOK_KINDS: tuple[PlaybookKind, ...] = get_args(PlaybookKind)
KINDS: tuple[Kind, ...] = get_args(Kind)


def model_of(kind: Kind) -> type[BaseModel]:
    """Return the model of a kind of file; those of plans and playbooks are imported when asked."""
    if kind == "organisation":
        from rse_plan.organisation import Organisation  # noqa: PLC0415 - see above

        return Organisation
    if kind == "plan":
        from rse_plan.plan.model import Plan  # noqa: PLC0415 - see above

        return Plan
    if kind == "brand":
        from rse_plan.organisation.brand import Brand  # noqa: PLC0415 - see above

        return Brand
    from rse_plan.playbook import model, rollout  # noqa: PLC0415 - see above

    models: dict[PlaybookKind, type[BaseModel]] = {
        "playbook": model.PlaybookFile,
        "factor": model.Factor,
        "rollout": rollout.RolloutFile,
        "phase": rollout.Phase,
        "sources": model.SourcesFile,
        "vectors": model.VectorsFile,
        "factor-texts": model.FactorTexts,
        "playbook-texts": model.PlaybookTexts,
        "rollout-texts": rollout.RolloutTexts,
        "phase-texts": rollout.PhaseTexts,
    }
    return models[kind]
