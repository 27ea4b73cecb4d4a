"""A client's own look: what a brand changes, what it lacks and gets, and templates kept in."""

import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from shutil import rmtree
from zipfile import ZipFile

import pytest
from command import Ran, Run
from kits import INVENTED, documents, dossier

from rse_plan.checks.brand import LEAST
from rse_plan.documents.kit.brand import BRAND, read_look
from rse_plan.documents.kit.catalogue import TemplateFaultError
from rse_plan.documents.kit.charts import chart
from rse_plan.documents.kit.confined import rendered_apart
from rse_plan.documents.kit.forms.styles import repacked
from rse_plan.documents.kit.look import Look, UnusablePartError
from rse_plan.documents.kit.press import Press
from rse_plan.documents.kit.rendering import rendered, wanted
from rse_plan.files import load, read_file
from rse_plan.organisation.brand import Brand, contrast

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
# A picture of one pixel.
DOT = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII="
# What pandoc writes in, and a client's template seldom has.
PANDOC = {"Table", "Compact", "First Paragraph", "Block Text"}


@pytest.fixture
def brand(tmp_path: Path) -> Path:
    folder = tmp_path / "brand"
    folder.mkdir()
    (folder / "brand.yaml").write_text(
        'kind: brand\ncolours: {accent: "#7a1f3d"}\nfont: Arial\n', encoding="utf-8"
    )
    return folder


def look_of(brand: Path) -> Look:
    return read_look(brand, load(Brand, read_file(brand / BRAND)))


def template(brand: Path, text: str, name: str = "framing-note") -> Path:
    path = brand / "templates" / "fr" / "kit" / f"{name}.md.j2"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{{#- Note. À nous. -#}}\n# {{{{ title }}}}\n\n{text}\n", encoding="utf-8")
    return brand


def french_template(content_type: str = "document") -> bytes:
    """Make a Word template with French ids of styles, a head, and few of the styles we need."""
    docx = pytest.importorskip("docx")
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "Le client"
    for element in document.styles.element.iter():
        for attribute in (f"{W}styleId", f"{W}val"):
            if element.get(attribute) in {"Heading1", "Heading2", "Normal"}:
                french = element.get(attribute).replace("Heading", "Titre")
                element.set(attribute, french.replace("Normal", "Standard"))
    made = BytesIO()
    document.save(made)
    main = f"ml.{content_type}.main".encode()
    types = {"[Content_Types].xml": lambda said: said.replace(b"ml.document.main", main)}
    return repacked(made.getvalue(), types)


def zipped() -> bytes:
    """Make a zip package that is no document."""
    made = BytesIO()
    with ZipFile(made, "w") as package:
        package.writestr("a", "b")
    return made.getvalue()


def test_colours_and_font_are_the_clients(brand: Path) -> None:
    look = look_of(brand)
    assert (look.accent, look.font, look.ink) == ("#7a1f3d", "Arial", Look().ink)
    one = documents("fr")[0]
    shown = Press(dossier("fr"), look).made("html", one, one.stem).decode()
    assert "--accent: #7a1f3d" in shown
    assert '"Arial"' in shown
    docx = pytest.importorskip("docx")
    made = docx.Document(BytesIO(Press(dossier("fr"), look).made("docx", one, one.stem)))
    assert str(made.styles["Heading 1"].font.color.rgb) == "7A1F3D"


@pytest.mark.parametrize("content_type", ["document", "template"])
def test_a_word_template_keeps_its_styles_and_gets_those_it_lacks(
    brand: Path, tmp_path: Path, content_type: str
) -> None:
    docx = pytest.importorskip("docx")
    name = {"document": "document.docx", "template": "document.dotx"}[content_type]
    (brand / name).write_bytes(french_template(content_type))
    one = documents("fr")[0]
    content = Press(dossier("fr"), look_of(brand)).made("docx", one, one.stem)
    made = docx.Document(BytesIO(content))
    assert made.styles["Heading 1"].style_id == "Titre1"
    assert {style.name for style in made.styles} >= PANDOC
    assert made.sections[0].header.paragraphs[0].text == "Le client"
    used = {paragraph.style.name for paragraph in made.paragraphs}
    assert {"Title", "Heading 1"} <= used
    audit = pytest.importorskip("openxml_audit")
    path = tmp_path / "made.docx"
    path.write_bytes(content)
    assert audit.OpenXmlValidator().validate(path).errors == []


def test_an_opendocument_template_keeps_its_styles(brand: Path) -> None:
    etree = pytest.importorskip("lxml.etree")
    pytest.importorskip("pypandoc")
    from rse_plan.documents.kit.forms.pandoc import default  # noqa: PLC0415 - optional

    def theirs(said: bytes) -> bytes:
        root = etree.fromstring(said)
        styles = root.find("{*}styles")
        for style in styles:
            if style.get(f"{{{root.nsmap['style']}}}name") in {"Title", "Quotations"}:
                styles.remove(style)
        return bytes(etree.tostring(root).replace(b"Arial", b"Client Sans"))

    (brand / "document.ott").write_bytes(repacked(default("reference.odt"), {"styles.xml": theirs}))
    one = documents("fr")[0]
    content = Press(dossier("fr"), look_of(brand)).made("odt", one, one.stem)
    styles = ZipFile(BytesIO(content)).read("styles.xml").decode()
    assert "Client Sans" in styles
    assert 'style:name="Title"' in styles
    assert 'style:name="Quotations"' in styles


def test_a_logo_is_on_every_page_form(brand: Path) -> None:
    pytest.importorskip("vl_convert")
    size = 'width="80" height="20"'
    drawn = f'<svg xmlns="http://www.w3.org/2000/svg" {size}><rect {size}/></svg>'
    (brand / "logo.svg").write_text(drawn, encoding="utf-8")
    look = look_of(brand)
    assert look.logo
    assert look.logo.startswith(b"\x89PNG")
    press, one = Press(dossier("fr"), look), documents("fr")[0]
    organisation = dossier("fr").plan.organisation
    assert f'alt="{organisation}"' in press.made("html", one, one.stem).decode()
    word = ZipFile(BytesIO(press.made("docx", one, one.stem)))
    assert any(name.startswith("word/media/") for name in word.namelist())
    text = ZipFile(BytesIO(press.made("odt", one, one.stem))).read("styles.xml").decode()
    assert re.search(r"<style:header>.*<office:binary-data>iVBOR", text, re.DOTALL)
    slides = ZipFile(BytesIO(press.made("pptx", None, "deck")))
    assert any(name.startswith("ppt/media/") for name in slides.namelist())
    pdf = pytest.importorskip("pikepdf").open(BytesIO(press.made("pdf", one, one.stem)))
    assert pdf.pages[0].get_images()


@pytest.mark.parametrize("hidden", ["", "."])
def test_documents_are_made_again_when_a_linked_template_changes(
    run: Run, here: Path, hidden: str
) -> None:
    kit = here / "elsewhere" / "fr" / "kit"
    kit.mkdir(parents=True)
    part = kit / f"{hidden}part.j2"
    part.write_text("Once.", encoding="utf-8")
    (kit / "framing-note.md.j2").write_text(
        f"{{#- Note de cadrage. But. -#}}\n# N\n\n{{% include 'kit/{part.name}' %}}\n",
        encoding="utf-8",
    )
    (here / "brand").mkdir()
    (here / "brand" / "templates").symlink_to(here / "elsewhere")
    (here / "plan.yaml").write_bytes((INVENTED / "plan.yaml").read_bytes())
    asked = ["render", "plan.yaml", "-o", "out", "--only", "framing-note", "--to", "md"]
    for text in ("Once.", "Twice."):
        part.write_text(text, encoding="utf-8")
        assert run(*asked, "--brand", "brand").code == 0
        assert text in (here / "out" / "note-de-cadrage.md").read_text(encoding="utf-8")
    rmtree(here / "brand")
    found = run(*asked, "--brand", "brand", "--check")
    assert (found.code, found.out) == (2, "")


def test_a_client_s_picture_is_not_taken_for_a_chart(brand: Path) -> None:
    etree = pytest.importorskip("lxml.etree")
    pytest.importorskip("vl_convert")
    template(
        brand,
        f"![Logo](data:image/png;base64,{DOT} 'load')\n\n{{{{ chart('reach') }}}}\n\n"
        "![Gone](http://localhost:1/x.png 'load')",
    )
    found = dossier("fr", draws=True)
    press = Press(found, look_of(brand))
    one = next(one for one in documents("fr") if one.template.id == "framing-note")
    package = ZipFile(BytesIO(press.made("odt", one, one.stem)))
    root = etree.fromstring(package.read("content.xml"))
    frames = [one for one in root.iter() if one.tag.endswith("}frame")]
    shown = chart("reach", found)
    assert shown
    assert [one.findtext("{*}title") for one in frames] == [None, shown.title]
    assert frames[1].findtext("{*}desc") == shown.description


def test_a_template_of_the_client_comes_before_ours(brand: Path) -> None:
    template(
        brand, "Chez {{ plan.organisation }}, {{ it.number(1234) }} {{ '*' ~ plan.organisation }}"
    )
    look = look_of(brand)
    press = Press(dossier("fr"), look)
    one = next(one for one in documents("fr") if one.template.id == "framing-note")
    text = press.manuscript(one).markdown
    assert "Chez Exemplia" in text
    assert "\\*" in text
    other = next(one for one in documents("fr") if one.template.id == "risk-register")
    assert press.manuscript(other).markdown == rendered(other, dossier("fr"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{{ nothing }}", "nothing"),
        ("{% if %}", "Expected"),
        ("{{ ''.__class__.__mro__ }}", "unsafe"),
        ("{{ plan.model_dump.__globals__ }}", "unsafe"),
        ('{% include "/etc/hostname" %}', "hostname"),
        ('{% include "../../brand.yaml" %}', "brand.yaml"),
        ('{{ say.table("../../../../../../../../tmp/x") }}', "KeyError"),
        ("{{ 1 / 0 }}", "division"),
        ("{{ 'x' * 10 ** 11 }}", None),
        ("{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}", None),
    ],
)
def test_a_template_does_nothing_but_fill(brand: Path, text: str, said: str | None) -> None:
    one = next(one for one in documents("fr") if one.template.id == "framing-note")
    with pytest.raises(TemplateFaultError) as raised:
        rendered_apart([(one, dossier("fr"))], template(brand, text) / "templates", seconds=2)
    if said is None:
        assert raised.value.problem is None
    else:
        assert said in (raised.value.problem or "")


Make = Callable[..., Ran]


@pytest.fixture
def make(run: Run, here: Path, brand: Path) -> Make:
    (here / "plan.yaml").write_bytes((INVENTED / "plan.yaml").read_bytes())

    def made(*arguments: str) -> Ran:
        return run(
            "render", "plan.yaml", "-o", "out", "--only", "framing-note", "--to", "md",
            "--brand", str(brand), *arguments,
        )  # fmt: skip

    return made


def test_documents_are_outdated_when_the_brand_changes(make: Make, brand: Path) -> None:
    template(brand, "One.")
    assert make().code == 0
    assert make("--check").code == 0
    template(brand, "Two.")
    assert make("--check").code == 1
    assert "-One." in make("--diff").out


def test_a_fault_in_a_template_says_where(make: Make, brand: Path, here: Path) -> None:
    template(brand, "{{ nothing }}")
    found = make()
    assert (found.code, found.out) == (2, "")
    assert "framing-note.md.j2:4" in found.err
    assert not (here / "out").exists()


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("document.docx", "docx"),
        ("document.ott", "odt"),
        ("deck.potx", "pptx"),
        ("logo.png", "html"),
        ("logo.svg", "html"),
    ],
)
@pytest.mark.parametrize("content", [b"text", zipped()])
def test_a_damaged_file_of_a_brand_is_named(
    run: Run, here: Path, brand: Path, name: str, form: str, content: bytes
) -> None:
    pytest.importorskip("vl_convert")
    (here / "plan.yaml").write_bytes((INVENTED / "plan.yaml").read_bytes())
    (brand / name).write_bytes(content)
    only = () if form == "pptx" else ("--only", "framing-note")
    found = run("render", "plan.yaml", "-o", "out", "--to", form, "--brand", str(brand), *only)
    assert found.code == 2
    assert name in found.err


def test_a_chart_that_nothing_draws_says_where(make: Make, brand: Path) -> None:
    template(brand, '{{ chart("nothing") }}')
    found = make()
    assert found.code == 2
    assert "framing-note.md.j2:4" in found.err


def test_a_template_without_a_title_says_where(make: Make, brand: Path) -> None:
    template(brand, "").joinpath("templates/fr/kit/other.md.j2").write_text("# A\n", "utf-8")
    found = make()
    assert found.code == 2
    assert "other.md.j2:1" in found.err


def test_a_template_for_sites_is_used_where_their_language_has_none(brand: Path) -> None:
    found = [
        one
        for one in wanted(dossier("fr"), ["en"], template(brand, "", "site/x") / "templates")
        if one.template.id == "x"
    ]
    assert {one.language for one in found} == {"fr"}
    assert len(found) == len(dossier("fr").plan.sites)


def test_documents_of_one_title_are_different_files(brand: Path) -> None:
    for name in ("one", "two"):
        template(brand, "", name)
    stems = [one.stem for one in wanted(dossier("fr"), templates=brand / "templates")]
    assert {"note-one", "note-two"} <= {*stems}
    assert len({*stems}) == len(stems)


def test_what_a_brand_holds_and_nothing_reads_is_named(make: Make, brand: Path) -> None:
    (brand / "logo.jpg").write_bytes(b"")
    assert "logo.jpg" in make().err


@pytest.mark.parametrize(
    ("said", "code"),
    [("kind: brand\ncolours: {accent: red}\n", "wrong-form"), ("kind: brand\nfnt: A\n", "unknown")],
)
def test_a_faulty_brand_is_refused(make: Make, brand: Path, said: str, code: str) -> None:
    (brand / "brand.yaml").write_text(said, encoding="utf-8")
    found = make()
    assert found.code != 0
    assert code in found.err


def test_a_colour_that_cannot_be_read_is_a_warning(make: Make, brand: Path) -> None:
    (brand / "brand.yaml").write_text('kind: brand\ncolours: {accent: "#7fb5d8"}\n', "utf-8")
    found = make()
    assert found.code == 0
    assert "low-contrast" in found.err


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    # Two greys that pass and fail in the same way with every published checker.
    assert contrast("#767676", "#ffffff") > LEAST > contrast("#777777", "#ffffff")


def test_a_brand_must_be_a_folder(make: Make) -> None:
    assert make("--brand", "nowhere").code == 2


def test_nothing_where_the_user_is_is_run(
    brand: Path, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("pickle", "json", "jinja2"):
        (here / f"{name}.py").write_text("open('run', 'w')", encoding="utf-8")
    monkeypatch.chdir(here)
    one = next(one for one in documents("fr") if one.template.id == "framing-note")
    (text,) = rendered_apart([(one, dossier("fr"))], template(brand, "Ours.") / "templates")
    assert "Ours." in text
    assert not (here / "run").exists()


def test_a_link_in_a_brand_leads_nowhere(brand: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("secret", encoding="utf-8")
    folder = template(brand, '{% include "kit/x.j2" %}') / "templates"
    (folder / "fr" / "kit" / "x.j2").symlink_to(secret)
    one = next(one for one in documents("fr") if one.template.id == "framing-note")
    with pytest.raises(TemplateFaultError):
        rendered_apart([(one, dossier("fr"))], folder)


@pytest.mark.parametrize(
    "inside",
    [
        '<image href="http://localhost:1/a.png"/>',
        '<image href="/etc/hostname"/>',
        '<style>@import "x.css"</style>',
        '<rect fill="url(http://localhost:1/x)"/>',
    ],
)
def test_a_logo_asks_for_nothing(brand: Path, inside: str) -> None:
    pytest.importorskip("vl_convert")
    size = 'width="80" height="20"'
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{inside}</svg>'
    (brand / "logo.svg").write_text(svg, encoding="utf-8")
    with pytest.raises(UnusablePartError):
        look_of(brand)


def test_a_logo_without_bounds_is_refused(brand: Path) -> None:
    pytest.importorskip("vl_convert")
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="100000" height="100000"/>'
    (brand / "logo.svg").write_text(svg, encoding="utf-8")
    with pytest.raises(UnusablePartError):
        look_of(brand)
