"""One playbook folder as it stands on disk, before it is laid over those it extends."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from pydantic import BaseModel

from rse_plan.files import Diagnostic, Document, InvalidFileError, load, read_file
from rse_plan.files.discovery import real_path
from rse_plan.files.resources import CORE, shipped
from rse_plan.playbook.model import (
    Factor,
    FactorTexts,
    PlaybookFile,
    PlaybookTexts,
    SourcesFile,
)

Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True)
class Loaded(Generic[Model]):
    """What a file says, and the file it says it in."""

    says: Model
    document: Document


@dataclass(frozen=True)
class Layer:
    """The files of one folder, texts in one language."""

    file: Loaded[PlaybookFile]
    factors: dict[str, Loaded[Factor]]
    factor_texts: dict[str, Loaded[FactorTexts]]
    texts: Loaded[PlaybookTexts] | None
    sources: Loaded[SourcesFile] | None

    @property
    def documents(self) -> list[Document]:
        """Every file of the layer."""
        loaded = (
            self.file, *self.factors.values(), *self.factor_texts.values(),
            self.texts, self.sources,
        )  # fmt: skip
        return [one.document for one in loaded if one]


def playbook_folder(name: str) -> Path:
    """Return the folder of the core playbook, or the one that a path names or whose file it is."""
    if name == CORE:
        return shipped("playbooks") / CORE
    path = Path(name)
    return path.parent if path.name == "playbook.yaml" else path


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
        folder = playbook_folder(parent) if parent == CORE else folder / parent
        if real_path(folder) in seen:
            document = layer.file.document
            span = document.span(("extends",))
            raise InvalidFileError([Diagnostic(document.path, "extends-itself", span)])
    return layers


def _read_layer(folder: Path, language: str) -> Layer:
    file = _read(PlaybookFile, folder / "playbook.yaml")
    if language not in file.says.languages:
        values = {"language": language, "languages": ", ".join(file.says.languages)}
        span = file.document.span(("languages",))
        raise InvalidFileError(
            [Diagnostic(file.document.path, "language-missing", span, values=values)]
        )
    faults: list[Diagnostic] = []
    factors = _read_all(Factor, sorted((folder / "factors").glob("*.yaml")), faults)
    texts = folder / "texts" / language
    own = texts / "playbook.yaml"
    paths = [path for path in sorted(texts.glob("*.yaml")) if path != own]
    factor_texts = _read_all(FactorTexts, paths, faults)
    playbook_texts = _read_all(PlaybookTexts, [own] if own.exists() else [], faults)
    known = folder / "sources.yaml"
    sources = _read_all(SourcesFile, [known] if known.exists() else [], faults)
    for name, factor in factors.items():
        if factor.says.id != name:
            span = factor.document.span(("id",))
            values = {"id": factor.says.id, "name": name}
            faults.append(Diagnostic(factor.document.path, "file-name", span, values=values))
    if faults:
        raise InvalidFileError(faults)
    return Layer(
        file,
        factors,
        factor_texts,
        next(iter(playbook_texts.values()), None),
        next(iter(sources.values()), None),
    )


def _read(model: type[Model], path: Path) -> Loaded[Model]:
    document = read_file(path)
    return Loaded(load(model, document), document)


def _read_all(
    model: type[Model], paths: Iterable[Path], faults: list[Diagnostic]
) -> dict[str, Loaded[Model]]:
    """Read files by their stem, adding the faults of those that are wrong."""
    read = {}
    for path in filter(Path.is_file, paths):
        try:
            read[path.stem] = _read(model, path)
        except InvalidFileError as invalid:
            faults += invalid.diagnostics
    return read
