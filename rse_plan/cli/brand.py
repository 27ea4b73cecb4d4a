"""The look of a client as `render` reads it, with what is doubtful in it."""

from pathlib import Path

from rse_plan.checks.brand import brand_findings
from rse_plan.cli import output
from rse_plan.documents.kit.brand import BRAND, read_look, unknown_parts
from rse_plan.documents.kit.look import Look
from rse_plan.documents.kit.sources import TEMPLATES
from rse_plan.files import load, read_file
from rse_plan.language import Language, languages
from rse_plan.organisation.brand import Brand


def read_brand(folder: Path, language: Language) -> Look:
    """Read a brand, and say what in it nothing reads."""
    for path in unknown_parts(folder):
        output.warn(language("render.unknown_part", path=path))
    for path in sorted((folder / TEMPLATES).glob("*")):
        if path.name not in languages():
            output.warn(language("render.unknown_part", path=path))
    if not (folder / BRAND).is_file():
        return read_look(folder)
    document = read_file(folder / BRAND)
    brand = load(Brand, document)
    output.report(brand_findings(document, brand), language)
    return read_look(folder, brand)
