"""The kinds of file there are, by the name that a file's ``kind:`` gives."""

from typing import Literal, get_args

from pydantic import BaseModel

PlaybookKind = Literal[
    "playbook", "factor", "sources", "vectors", "factor-texts", "playbook-texts"
]  # fmt: skip
Kind = Literal["organisation", PlaybookKind]

ORGANISATION = "organisation"
PLAYBOOK_KINDS: tuple[PlaybookKind, ...] = get_args(PlaybookKind)
KINDS: tuple[Kind, ...] = get_args(Kind)


def model_of(kind: Kind) -> type[BaseModel]:
    """Return the model of a kind of file; the playbook's are imported only when asked for."""
    if kind == "organisation":
        from rse_plan.organisation import Organisation  # noqa: PLC0415 - see above

        return Organisation
    from rse_plan.playbook import model  # noqa: PLC0415 - see above

    models: dict[PlaybookKind, type[BaseModel]] = {
        "playbook": model.PlaybookFile,
        "factor": model.Factor,
        "sources": model.SourcesFile,
        "vectors": model.VectorsFile,
        "factor-texts": model.FactorTexts,
        "playbook-texts": model.PlaybookTexts,
    }
    return models[kind]
