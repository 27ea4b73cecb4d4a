"""Documents in every form, read back by others: the same words, nothing run, nothing lost."""

import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from hostile import INSIDE, LONG, STARTS, flat, hostile_dossier
from kits import documents, dossier, text_of

from rse_plan.documents.kit.artist import drawn_here
from rse_plan.documents.kit.charts import CHARTS, chart
from rse_plan.documents.kit.dossier import Dossier
from rse_plan.documents.kit.forms import FORMS
from rse_plan.documents.kit.look import Look
from rse_plan.documents.kit.marks import Chart, Interval
from rse_plan.documents.kit.press import Press
from rse_plan.documents.kit.rendering import Wanted, wanted
from rse_plan.documents.render import markdown_text
from rse_plan.language import languages

# A document of each kind: with many tables, with charts, of a site, of a use case.
KINDS = ["framing-note", "risk-register", "kpi-dashboard", "site-kit", "use-case-sheet"]
OFFICE = ["docx", "odt", "pdf"]


def one_of_each(found: Dossier) -> list[Wanted]:
    every = {one.template.id: one for one in wanted(found)}
    return [every[name] for name in KINDS]


@cache
def press(code: str) -> Press:
    pytest.importorskip("typst")
    return Press(dossier(code, draws=True))


def words_of(content: bytes, form: str) -> str:
    """Read the text of a document with another library than wrote it."""
    if form == "docx":
        document = pytest.importorskip("docx").Document(BytesIO(content))
        parts = [document.element.body, document.sections[0].footer._element]  # noqa: SLF001
        return "".join("".join(part.itertext()) for part in parts)
    if form == "odt":
        etree = pytest.importorskip("lxml.etree")
        root = etree.fromstring(ZipFile(BytesIO(content)).read("content.xml"))
        return "".join(root.itertext())
    reader = pytest.importorskip("pypdf").PdfReader(BytesIO(content))
    return "".join(page.extract_text() for page in reader.pages)


@pytest.mark.parametrize("form", OFFICE)
@pytest.mark.parametrize("code", languages())
def test_every_word_arrives(code: str, form: str) -> None:
    for one in one_of_each(dossier(code, draws=True)):
        made = press(code).made(form, one, one.stem)
        said = flat(words_of(made, form))
        for line in text_of(press(code).manuscript(one).markdown).splitlines():
            # A PDF repeats heads of tables and feet of pages between lines: take short parts.
            for part in re.findall(r"[^\s☐]+", line):
                assert flat(part) in said, (one.stem, part)


@pytest.mark.parametrize("form", OFFICE)
@pytest.mark.parametrize("start", STARTS)
def test_what_a_person_wrote_is_text_in_every_form(start: str, form: str) -> None:
    pytest.importorskip("typst")
    found = hostile_dossier(start)
    made = Press(found)
    for one in one_of_each(found)[-2:]:
        content = made.made(form, one, one.stem)
        said = flat(words_of(content, form))
        for part in f"{start} {INSIDE}".split():
            # A PDF names the characters that no font has, and lays out what is turned.
            if part.isascii() or form != "pdf":
                assert part in said, (one.stem, part)
        assert_nothing_runs(content, form)


@pytest.mark.parametrize("start", ["=", "===", "-", "+", "/", "1.", "."])
@pytest.mark.parametrize(
    "around", ["{}", "**{}**", "> {}", "- {}", "| a | b |\n|:--|:--|\n| {} | x |"]
)
def test_no_text_begins_a_heading_or_a_list_in_a_pdf(start: str, around: str) -> None:
    pikepdf = pytest.importorskip("pikepdf")
    text = around.format(f"{markdown_text(f'{start} term: x')}")
    with pikepdf.open(BytesIO(set_in_pdf(text))) as pdf:
        tags = {
            str(one.S) for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and "/S" in one
        }
    assert not {one for one in tags if re.fullmatch(r"/H[2-6]", one)}
    assert ("/L" in tags) == around.startswith("-")


def set_in_pdf(markdown: str) -> bytes:
    pytest.importorskip("typst")
    from rse_plan.documents.kit.forms.pdf import pdf  # noqa: PLC0415 - optional

    one = replace(press("fr").manuscript(documents("fr")[0]), markdown=f"# Title\n\n{markdown}\n")
    return pdf(one, Look())


def assert_nothing_runs(content: bytes, form: str) -> None:
    """See that no text has become a link, a field, a picture or a script."""
    if form == "pdf":
        pdf = pytest.importorskip("pikepdf").open(BytesIO(content))
        assert "/JavaScript" not in pdf.Root.get("/Names", {})
        assert not [page for page in pdf.pages if "/Annots" in page]
        return
    package = ZipFile(BytesIO(content))
    name = "word/document.xml" if form == "docx" else "content.xml"
    xml = package.read(name).decode()
    assert not re.search(r"<w:instrText|<w:hyperlink|<text:a |<draw:frame|<w:drawing|<math", xml)
    assert "hostname" not in "".join(package.namelist())


@pytest.mark.parametrize("start", STARTS)
def test_what_a_person_wrote_is_text_in_a_page(start: str) -> None:
    found = hostile_dossier(start)
    made = Press(found)
    for one in wanted(found):
        shown = made.made("html", one, one.stem).decode()
        assert not re.search(r"<script|<img|<a |<del>|<w:r|href=|src=", shown), one.stem
    subject = next(one for one in wanted(found) if one.template.id == "use-case-sheet")
    said = text_of(made.manuscript(subject).markdown)
    assert f"{start} {INSIDE}" in said


@pytest.mark.parametrize(
    ("text", "ended"),
    [
        ("\u202eturned", "\u202eturned\u202c"),
        ("\u202eturned\u202c", "\u202eturned\u202c"),
        ("\u2067a \u202db", "\u2067a \u202db\u202c\u2069"),
        ("\u202a\u2066b\u202c", "\u202a\u2066b\u202c\u2069\u202c"),
        ("\u202cplain", "\u202cplain"),
    ],
)
def test_no_text_turns_what_follows(text: str, ended: str) -> None:
    assert markdown_text(text) == ended


@pytest.mark.parametrize("form", [*FORMS])
def test_the_longest_text_arrives_whole(form: str) -> None:
    pytest.importorskip("typst")
    found = dossier("fr")
    site = found.plan.sites[1].model_copy(update={"lead": LONG.strip()})
    plan = found.plan.changed(sites=(site,))
    long = Dossier(plan, found.playbook, found.say, found.assessment)
    one = next(one for one in wanted(long) if one.template.id == "site-kit")
    made = Press(long).made(form, one, one.stem)
    said = made.decode() if form in {"md", "html"} else words_of(made, form)
    assert said.count("long") >= LONG.count("long")


@pytest.mark.parametrize("form", [*FORMS])
def test_the_same_plan_gives_the_same_bytes(form: str) -> None:
    pytest.importorskip("typst")
    for one in one_of_each(dossier("fr", draws=True))[:2]:
        first, second = (
            Press(dossier("fr", draws=True)).made(form, one, one.stem) for _ in range(2)
        )
        assert first == second


@pytest.mark.parametrize("code", languages())
def test_pdf_is_tagged_and_accessible(code: str) -> None:
    pikepdf, pdfua = pytest.importorskip("pikepdf"), pytest.importorskip("pdfua")
    for one in one_of_each(dossier(code, draws=True)):
        content = press(code).made("pdf", one, one.stem)
        pdf = pikepdf.open(BytesIO(content))
        assert pdf.check_pdf_syntax() == []
        assert str(pdf.Root.Lang) == code
        metadata = pdf.open_metadata()
        assert metadata["dc:title"] == one.title
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("2", "A")
        assert metadata["pdfuaid:part"] == "1"
        report = pdfua.validate(BytesIO(content))
        assert [found.message for found in report.findings] == []


@pytest.mark.parametrize("form", ["docx", "odt"])
@pytest.mark.parametrize("code", languages())
def test_office_documents_are_valid(code: str, form: str, tmp_path: Path) -> None:
    audit = pytest.importorskip("openxml_audit")
    for number, one in enumerate(one_of_each(dossier(code, draws=True))):
        path = tmp_path / f"{number}.{form}"
        path.write_bytes(press(code).made(form, one, one.stem))
        check = audit.OpenXmlValidator() if form == "docx" else audit.OdfValidator()
        found = [one for one in check.validate(path).errors if one.severity.name == "ERROR"]
        assert [str(one) for one in found] == []


def converted(files: Sequence[bytes], form: str, folder: Path) -> list[str]:
    """Return the words of files as LibreOffice lays them out on pages."""
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not installed")
    paths = [folder / f"{number}.{form}" for number in range(len(files))]
    for path, content in zip(paths, files, strict=True):
        path.write_bytes(content)
    subprocess.run(  # noqa: S603 - LibreOffice, on files of ours
        [office, f"-env:UserInstallation=file://{folder}/profile", "--headless",
         "--convert-to", "pdf", "--outdir", folder, *paths],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    return [words_of(path.with_suffix(".pdf").read_bytes(), "pdf") for path in paths]


@pytest.mark.parametrize("form", ["pptx", "xlsx"])
def test_libreoffice_opens_and_converts(form: str, tmp_path: Path) -> None:
    (found,) = converted([press("fr").made(form, None, "plan")], form, tmp_path)
    assert found.strip()


@pytest.mark.parametrize("form", ["docx", "odt"])
@pytest.mark.parametrize(("code", "font"), [("fr", "Calibri"), ("en", "Verdana")])
def test_every_word_has_its_place_on_a_page(
    code: str, font: str, form: str, tmp_path: Path
) -> None:
    """No row is lost where a page ends, and no word is broken for want of room in its column."""
    found = dossier(code, draws=True)
    every = {one.template.id: one for one in wanted(found)}
    own = Press(found, Look(font=font), drawings=press(code).drawings)
    made = [own.made(form, one, one.stem) for one in every.values()]
    for one, laid_out in zip(every.values(), converted(made, form, tmp_path), strict=True):
        said = text_of(own.manuscript(one).markdown)
        assert (one.template.id, counted(said) - counted(laid_out)) == (one.template.id, Counter())


def counted(text: str) -> Counter[str]:
    return Counter(re.findall(r"[^\W\d]{3,}|\d\d/\d\d/\d{4}", text))


@pytest.mark.parametrize("code", languages())
def test_charts_are_drawn_with_their_texts(code: str) -> None:
    pytest.importorskip("vl_convert")
    etree = pytest.importorskip("lxml.etree")
    found = dossier(code)
    for name in CHARTS:
        shown = chart(name, found)
        assert shown
        root = etree.fromstring(press(code).drawing(name, found).encode())
        svg = "{http://www.w3.org/2000/svg}"
        assert root.find(f"{svg}title").text == shown.title
        assert root.find(f"{svg}desc").text == shown.description
        assert root.get("role") == "img"
        ids = [one.get("id") for one in root.iter() if one.get("id")]
        assert len(set(ids)) == len(ids)
        assert all(one.startswith(f"{name}-") for one in ids)
        fonts = {one.get("font-family") for one in root.iter(f"{svg}text")}
        assert all(found.endswith(", sans-serif") for found in fonts)


@pytest.mark.parametrize("code", languages())
def test_charts_are_what_vega_lite_reads(code: str) -> None:
    altair = pytest.importorskip("altair")
    jsonschema = pytest.importorskip("jsonschema")
    from rse_plan.documents.kit.forms.drawing import specification  # noqa: PLC0415 - optional

    for name in CHARTS:
        shown = chart(name, dossier(code))
        assert shown
        said = specification(shown, Look())
        altair.Chart.from_dict(said)
        with pytest.raises(jsonschema.ValidationError):
            altair.Chart.from_dict({**said, "depth": 1})


def test_a_name_that_may_be_too_long_is_cut_and_no_other() -> None:
    pytest.importorskip("vl_convert")
    for name, is_cut in (("W" * 46, False), ("i" * 47, False), ("n" * 80, True)):
        shown = Chart("Title", "Text", (Interval(name, 0, 1),), words={"known": "a", "open": "b"})
        drawn = drawn_here(shown, "scores", Look(), "en-US").result()
        assert ("…" in drawn) is is_cut


def test_a_list_to_tick_has_boxes_for_marks() -> None:
    etree = pytest.importorskip("lxml.etree")
    found = dossier("fr", draws=True)
    one = next(one for one in wanted(found) if one.template.id == "site-kit")
    content = ZipFile(BytesIO(press("fr").made("odt", one, one.stem))).read("content.xml")
    root = etree.fromstring(content)
    marks = [
        one.get(f"{{{root.nsmap['text']}}}bullet-char")
        for one in root.iter("{*}list-level-style-bullet")
    ]
    assert "☐" in marks
    assert "☐" not in "".join(root.itertext())


@pytest.mark.parametrize("form", ["docx", "odt"])
def test_office_documents_are_of_the_day_of_their_facts(form: str) -> None:
    one = one_of_each(dossier("fr", draws=True))[0]
    package = ZipFile(BytesIO(press("fr").made(form, one, one.stem)))
    day = press("fr").manuscript(one).day
    assert {part.date_time[:3] for part in package.infolist()} == {(day.year, day.month, day.day)}
    part = package.read({"docx": "docProps/core.xml", "odt": "meta.xml"}[form]).decode()
    assert f"{day}T00:00:00Z" in part


@pytest.mark.parametrize("form", [*FORMS])
def test_names_with_control_characters_are_written_out(form: str) -> None:
    pytest.importorskip("typst")
    found = dossier("fr", draws=True)
    name = "a\x00b\x0b\u2028c"
    waves = tuple(one.model_copy(update={"name": name}) for one in found.plan.waves)
    plan = found.plan.changed(organisation=name, waves=waves)
    odd = Dossier(plan, found.playbook, found.say, found.assessment, draws=True)
    one = one_of_each(odd)[0]
    made = Press(odd).made(form, one, one.stem)
    said = made.decode() if form in {"md", "html"} else words_of(made, form)
    assert "x00b" in said
    assert "\x00" not in said


def test_letters_are_smaller_where_that_spares_a_page() -> None:
    pypdf = pytest.importorskip("pypdf")

    def fonts(length: int) -> tuple[int, set[float]]:
        """Return the number of pages, and the sizes of letters of the lines."""
        sizes = set()
        pages = pypdf.PdfReader(BytesIO(set_in_pdf("A line.\n\n" * length))).pages
        for page in pages:
            page.extract_text(
                visitor_text=lambda text, _cm, _tm, _font, size: (
                    sizes.add(round(size, 1)) if "A line" in text else None
                )
            )
        return len(pages), sizes

    found = [fonts(length) for length in range(36, 64)]
    assert [pages for pages, _ in found] == sorted(pages for pages, _ in found)
    assert {pages for pages, _ in found} == {1, 2}
    assert len({frozenset(sizes) for pages, sizes in found if pages == 1}) > 1
