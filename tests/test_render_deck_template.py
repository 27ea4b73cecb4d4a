"""The deck in a client's own template: its layouts, its styles, and nothing of its samples."""

from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from decks import (
    EXAMPLES,
    FRENCH,
    TYPES,
    changed,
    charts_in,
    client,
    deck_of,
    example,
    markdown_of,
    off_slide,
    opened,
    simple,
    template,
    titles_of,
    words_of,
)
from hostile import flat, hostile_dossier
from kits import dossier, text_of

from rse_plan.documents.kit.look import Look, UnusablePartError

pptx: Any = pytest.importorskip("pptx")


@pytest.mark.parametrize(
    ("kinds", "cover", "page"),
    [
        (("title", "obj", "titleOnly"), "Diapositive de titre", "Titre seul"),
        (("title", "obj"), "Diapositive de titre", "Titre et contenu"),
        (("titleOnly", "blank"), "Titre seul", "Titre seul"),
        (("twoObj", "vertTitleAndTx"), "Autre", "Autre"),
    ],
)
def test_layouts_are_chosen_by_their_type(kinds: tuple[str, ...], cover: str, page: str) -> None:
    content = deck_of(dossier("fr"), replace(Look(), deck=template(client(*kinds))))
    presentation = opened(content)
    first, *others = presentation.slides
    assert first.slide_layout.name == cover
    assert {slide.slide_layout.name for slide in others} == {page}
    said = words_of(presentation)
    assert "SAMPLE" not in said
    assert b"Agency" not in ZipFile(BytesIO(content)).read("docProps/core.xml")
    for line in text_of(markdown_of(dossier("fr"))).splitlines():
        assert flat(line) in flat(said)
    assert off_slide(presentation) == []
    for slide in presentation.slides:
        assert not [one for one in slide.placeholders if not one.text_frame.text]
        # The colours are those of the theme.
        assert slide._element.xpath(".//a:srgbClr") == []  # noqa: SLF001


def test_a_narrow_place_for_content_is_not_kept_to() -> None:
    presentation = opened(client("titleOnly", sample=False))
    for shape in presentation.slide_master.placeholders:
        if shape.placeholder_format.type == pptx.enum.shapes.PP_PLACEHOLDER.BODY:
            shape.width //= 4
    changed_one = BytesIO()
    presentation.save(changed_one)
    found = deck_of(dossier("fr"), replace(Look(), deck=changed_one.getvalue()))
    assert off_slide(opened(found)) == []
    assert len(opened(found).slides) < 30


def test_a_cover_without_a_place_for_texts_has_its_title() -> None:
    presentation = opened(client("title", "titleOnly"))
    for shape in presentation.slide_layouts[0].placeholders:
        if shape.placeholder_format.type == pptx.enum.shapes.PP_PLACEHOLDER.SUBTITLE:
            shape._element.getparent().remove(shape._element)  # noqa: SLF001
    bare = BytesIO()
    presentation.save(bare)
    shown = simple("# T\n\nWords\n\n## A", replace(Look(), deck=bare.getvalue()))
    assert titles_of(shown) == ["T (1/2)", "T (2/2)", "A"]
    assert titles_of(simple("# T", replace(Look(), deck=bare.getvalue()))) == ["T"]
    assert [slide.slide_layout.name for slide in shown.slides][1:] == ["Titre seul"] * 2


def test_a_paragraph_in_several_styles_keeps_them_on_every_slide() -> None:
    shown = simple("# T\n\n## A\n\n" + f"**{'bold ' * 900}bold**! " + "*slanted* and plain " * 400)
    runs = [
        (run.text.split()[0], run.font.bold, run.font.italic)
        for slide in list(shown.slides)[1:]
        for paragraph in slide.shapes[1].text_frame.paragraphs
        for run in paragraph.runs
    ]
    assert set(runs) == {
        ("bold", True, None),
        ("!", None, None),
        ("slanted", None, True),
        ("and", None, None),
    }


def test_nothing_is_left_of_the_lists_of_sample_slides() -> None:
    lists = b"<p:custShowLst><p:custShow name='x' id='0'><p:sldLst/></p:custShow></p:custShowLst>"
    part, was = "ppt/presentation.xml", b"<p:defaultTextStyle>"
    found = changed(client("title"), part, was, lists + was)
    content = deck_of(dossier("fr"), replace(Look(), deck=found))
    assert b"custShow" not in ZipFile(BytesIO(content)).read(part)


def test_words_on_a_light_accent_are_dark() -> None:
    theme = "ppt/theme/theme1.xml"
    light = changed(client("title", "titleOnly"), theme, b"4F81BD", b"FFE08A")
    shown = opened(deck_of(dossier("en"), replace(Look(), deck=light)))
    labels = [
        one for one in charts_in(shown) if one.chart.plots[0].series[0].data_labels.show_value
    ]
    assert labels
    for one in labels:
        colour = one.chart.plots[0].series[0].data_labels.font.color.theme_color
        assert colour == pptx.enum.dml.MSO_THEME_COLOR.TEXT_1


@pytest.mark.parametrize(
    "content",
    [b"not a zip", client("blank"), changed(client("title"), TYPES, b"presentationml", b"x")],
)
def test_a_file_that_is_no_template_is_refused(content: bytes) -> None:
    with pytest.raises(UnusablePartError):
        simple("# T", replace(Look(), deck=content))


def test_other_readers_find_no_fault(tmp_path: Path) -> None:
    audit = pytest.importorskip("openxml_audit")
    made = {
        "ours": example("fr", EXAMPLES[0]),
        "unknown": example("en", EXAMPLES[1]),
        "client": deck_of(dossier("fr"), replace(Look(), deck=template(client(*FRENCH)))),
        "hostile": deck_of(hostile_dossier("=1+1")),
    }
    for name, content in made.items():
        path = tmp_path / f"{name}.pptx"
        path.write_bytes(content)
        found = audit.validate_pptx(path)
        assert found.errors == [], name
