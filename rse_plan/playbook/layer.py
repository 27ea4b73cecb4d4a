"""One playbook folder as it stands on disk, before it is laid over those it extends."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Generic, TypeVar

from pydantic import BaseModel

from rse_plan.files import Diagnostic, Document, InvalidFileError, content_of, load, read_bytes
from rse_plan.files.discovery import PLAYBOOK, extended, real_path
from rse_plan.playbook.model import (
    Factor,
    FactorTexts,
    PlaybookFile,
    PlaybookTexts,
    SourcesFile,
)
from rse_plan.playbook.rollout import Phase, PhaseTexts, RolloutFile, RolloutTexts

Model = TypeVar("Model", bound=BaseModel)
One = TypeVar("One", Factor, Phase)

# Files, more than a playbook and those it extends have in two languages.
_REMEMBERED = 512


@dataclass(frozen=True)
class Loaded(Generic[Model]):
    """What a file says, and the file it says it in."""

    says: Model
    document: Document


@dataclass(frozen=True)
class Layer:
    """The files of one folder, texts in one language."""

    file: Loaded[PlaybookFile]
    texts: Loaded[PlaybookTexts] | None
    sources: Loaded[SourcesFile] | None
    factors: dict[str, Loaded[Factor]]
    factor_texts: dict[str, Loaded[FactorTexts]]
    rollout: Loaded[RolloutFile] | None
    rollout_texts: Loaded[RolloutTexts] | None
    phases: dict[str, Loaded[Phase]]
    phase_texts: dict[str, Loaded[PhaseTexts]]

    @property
    def documents(self) -> list[Document]:
        """Every file of the layer."""
        single = (self.file, self.texts, self.sources, self.rollout, self.rollout_texts)
        several = (self.factors, self.factor_texts, self.phases, self.phase_texts)
        named = (one.document for loaded in several for one in loaded.values())
        return [*(one.document for one in single if one), *named]


def dropped(layers: Iterable[Layer]) -> set[str]:
    """Return the ids of the entries that some layer does without."""
    return {name for layer in layers for name in layer.file.says.without}


def read_layers(folder: Path, language: str) -> list[Layer]:
    """Read a folder and those it extends, the one at the root first.

    Raise InvalidFileError with the faults of all files; a playbook that lacks the language, or
    that extends itself, is such a fault.
    """
    layers: list[Layer] = []
    faults: list[Diagnostic] = []
    seen: set[str] = set()
    while True:
        seen.add(real_path(folder))
        try:
            layer = _read_layer(folder, language)
        except InvalidFileError as invalid:
            raise InvalidFileError([*faults, *invalid.diagnostics]) from None
        layers.insert(0, layer)
        parent = layer.file.says.extends
        if parent is None:
            break
        folder = extended(folder, parent)
        if real_path(folder) in seen:
            document = layer.file.document
            span = document.span(("extends",))
            raise InvalidFileError([Diagnostic(document.path, "extends-itself", span)])
    return layers


def _read_layer(folder: Path, language: str) -> Layer:
    file = _read(PlaybookFile, folder / PLAYBOOK)
    if language not in file.says.languages:
        values = {"language": language, "languages": ", ".join(file.says.languages)}
        span = file.document.span(("languages",))
        raise InvalidFileError(
            [Diagnostic(file.document.path, "language-missing", span, values=values)]
        )
    faults: list[Diagnostic] = []
    texts = folder / "texts" / language
    layer = Layer(
        file=file,
        texts=_read_one(PlaybookTexts, texts / PLAYBOOK, faults),
        sources=_read_one(SourcesFile, folder / "sources.yaml", faults),
        factors=_read_all(Factor, folder / "factors", faults),
        factor_texts=_read_all(FactorTexts, texts, faults, besides=("playbook", "rollout")),
        rollout=_read_one(RolloutFile, folder / "rollout.yaml", faults),
        rollout_texts=_read_one(RolloutTexts, texts / "rollout.yaml", faults),
        phases=_read_all(Phase, folder / "phases", faults),
        phase_texts=_read_all(PhaseTexts, texts / "phases", faults),
    )
    faults += [*_misnamed(layer.factors), *_misnamed(layer.phases)]
    if faults:
        raise InvalidFileError(faults)
    return layer


def _misnamed(entries: Mapping[str, Loaded[One]]) -> Iterator[Diagnostic]:
    """Find entries of another id than the name of their file."""
    for name, entry in entries.items():
        if entry.says.id != name:
            span = entry.document.span(("id",))
            values = {"id": entry.says.id, "name": name}
            yield Diagnostic(entry.document.path, "file-name", span, values=values)


def _read(model: type[Model], path: Path) -> Loaded[Model]:
    found: Loaded[Model] = _understood(model, str(path), content_of(path))
    return found


@lru_cache(_REMEMBERED)
def _understood(model: type[Model], path: str, content: bytes) -> Loaded[Model]:
    """Understand a file once as long as it says the same: most of it is read in each language."""
    document = read_bytes(content, path)
    return Loaded(load(model, document), document)


def _read_one(model: type[Model], path: Path, faults: list[Diagnostic]) -> Loaded[Model] | None:
    """Read a file if there is one, adding its faults."""
    try:
        return _read(model, path) if path.is_file() else None
    except InvalidFileError as invalid:
        faults += invalid.diagnostics
        return None


def _read_all(
    model: type[Model], folder: Path, faults: list[Diagnostic], besides: Collection[str] = ()
) -> dict[str, Loaded[Model]]:
    """Read the files of a folder by their stem, adding the faults of those that are wrong."""
    paths = (path for path in sorted(folder.glob("*.yaml")) if path.stem not in besides)
    read = ((path.stem, _read_one(model, path, faults)) for path in paths)
    return {name: loaded for name, loaded in read if loaded}
