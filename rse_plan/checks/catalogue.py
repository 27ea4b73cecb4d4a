"""Everything that is wrong with a playbook, in each of its languages."""

from pathlib import Path

from rse_plan.checks.playbook import check_playbook
from rse_plan.checks.vectors import check_vectors
from rse_plan.files import Diagnostic, Document, InvalidFileError, load, read_file
from rse_plan.files.discovery import PLAYBOOK
from rse_plan.files.suppression import suppress
from rse_plan.playbook.consistency import faults
from rse_plan.playbook.layer import read_layers
from rse_plan.playbook.merging import merged
from rse_plan.playbook.model import PlaybookFile


def check_catalogue(folder: Path) -> list[Diagnostic]:
    """List what keeps a playbook from being used, or else what is doubtful in it.

    What its files ignore is left out. The same finding comes once for each language.
    """
    try:
        refused: list[Diagnostic] = []
        doubtful: list[Diagnostic] = []
        documents: dict[str, Document] = {}
        for language in load(PlaybookFile, read_file(folder / PLAYBOOK)).languages:
            try:
                layers = read_layers(folder, language)
            except InvalidFileError as invalid:
                refused += invalid.diagnostics
                continue
            if found := faults(layers):
                refused += found
                continue
            playbook = merged(layers, language)
            documents |= {document.path: document for document in layers[-1].documents}
            doubtful += check_playbook(layers, playbook)
        vectors = folder / "vectors.yaml"
        if refused:
            return refused
        if vectors.exists():
            document = read_file(vectors)
            documents[document.path] = document
            doubtful += check_vectors(document, playbook)
    except InvalidFileError as invalid:
        return invalid.diagnostics
    return [
        kept
        for path, document in documents.items()
        for kept in suppress(
            document, [*document.warnings, *(one for one in doubtful if one.path == path)]
        )
    ]
