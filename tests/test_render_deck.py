"""The deck, read back by others: every word, native charts, and a client's own template."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cache
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from hostile import INSIDE, LONG, STARTS, flat, hostile_dossier
from kits import PLAN, dossier, text_of

from rse_plan.documents.kit.charts import CHARTS
from rse_plan.documents.kit.charts import chart as chart_of
from rse_plan.documents.kit.dossier import Dossier
from rse_plan.documents.kit.forms.deck import deck
from rse_plan.documents.kit.forms.styles import repacked
from rse_plan.documents.kit.look import Look, UnusablePartError
from rse_plan.documents.kit.marks import Bar, Chart, Interval, Line
from rse_plan.documents.kit.press import Press
from rse_plan.documents.kit.rendering import rendered, wanted
from rse_plan.documents.render import markdown_text
from rse_plan.language import Language, languages

pptx: Any = pytest.importorskip("pptx")
openpyxl: Any = pytest.importorskip("openpyxl")

DAY = PLAN.made_from.organisation_as_of
EXAMPLES = ["invented-28-sites", "neovia"]
EPOCH = date(1899, 12, 30)
FRENCH = {"title": "Diapositive de titre", "obj": "Titre et contenu", "titleOnly": "Titre seul"}
SMALLEST = 12
FR, EN = Language("fr"), Language("en")


def charts_of(found: Dossier) -> dict[str, Chart]:
    return {name: made for name in CHARTS if (made := chart_of(name, found))}


def markdown_of(found: Dossier) -> str:
    """Fill the template, and place every chart that it does not place itself."""
    text = rendered(next(one for one in wanted(found) if one.template.id == "steering-deck"), found)
    heads = iter(re.findall(r"^## .+$", text, re.MULTILINE)[2:])
    for name in charts_of(found):
        if f"charts/{name}.svg" not in text:
            head = next(heads)
            text = text.replace(head, f"{head}\n\n![See {name}](charts/{name}.svg)", 1)
    return text


def deck_of(found: Dossier, look: Look | None = None) -> bytes:
    text, charts = markdown_of(found), charts_of(found)
    return deck(text, charts, look or Look(), "Foot – 2026", found.say, DAY)


@cache
def example(code: str, name: str) -> bytes:
    return deck_of(dossier(code, name))


def simple(text: str, look: Look | None = None, say: Language = FR) -> Any:
    return opened(deck(text, {}, look or Look(), "Foot", say, DAY))


def opened(content: bytes) -> Any:
    return pptx.Presentation(BytesIO(content))


def words_of(presentation: Any) -> str:
    """Read all text of a deck: of shapes, tables, and what stands for charts."""
    return "".join(word for slide in presentation.slides for word in _words(slide))


def _words(slide: Any) -> Iterator[str]:
    for shape in slide.shapes:
        if shape.has_text_frame:
            yield shape.text_frame.text
        elif shape.has_table:
            yield from (cell.text for cell in shape.table.iter_cells())
        if shape.has_chart:
            yield told(shape, "descr")


def told(shape: Any, name: str) -> str:
    """Return the title or the description that stands for a shape."""
    return str(shape._element.xpath(f".//p:cNvPr/@{name}")[0])  # noqa: SLF001


def charts_in(presentation: Any) -> list[Any]:
    return [one for slide in presentation.slides for one in slide.shapes if one.has_chart]


def titles_of(presentation: Any) -> list[str]:
    return [slide.shapes.title.text_frame.text for slide in presentation.slides]


@pytest.mark.parametrize("name", EXAMPLES)
@pytest.mark.parametrize("code", languages())
def test_every_word_is_on_a_slide(code: str, name: str) -> None:
    said = flat(words_of(opened(example(code, name))))
    for line in text_of(markdown_of(dossier(code, name))).splitlines():
        assert flat(line) in said
    for chart in charts_of(dossier(code, name)).values():
        assert flat(chart.description) in said


@pytest.mark.parametrize("name", EXAMPLES)
@pytest.mark.parametrize("code", languages())
def test_slides_can_be_read_by_everybody(code: str, name: str) -> None:
    presentation = opened(example(code, name))
    titles = titles_of(presentation)
    assert all(titles)
    assert len(set(titles)) == len(titles)
    tag = {"fr": "fr-FR", "en": "en-GB"}[code]
    for slide in presentation.slides:
        assert slide.shapes[0] == slide.shapes.title
        for shape in slide.shapes:
            element = shape._element  # noqa: SLF001
            assert {*element.xpath(".//a:r/a:rPr/@lang")} <= {tag}
            assert len(element.xpath(".//a:r")) == len(element.xpath(".//a:r/a:rPr/@lang"))
            sizes = [int(size) for size in element.xpath(".//a:r/a:rPr/@sz")]
            if not shape.is_placeholder:
                assert min(sizes, default=SMALLEST * 100) >= SMALLEST * 100
            if shape.has_table:
                assert shape.table.first_row
    properties = presentation.core_properties
    assert (properties.author, properties.last_modified_by) == ("", "")
    assert properties.title == titles[0]
    assert properties.created.date() == properties.modified.date() == DAY


def test_no_break_spaces_stay() -> None:
    shown = simple("# Déjà\u00a0: 6\u00a0%\n\n## 8\u202f300\u00a0€")
    assert titles_of(shown) == ["Déjà\u00a0: 6\u00a0%", "8\u202f300\u00a0€"]


def off_slide(presentation: Any) -> list[str]:
    """List the shapes that leave the slide, or that touch each other."""
    found = []
    wide, high = presentation.slide_width, presentation.slide_height
    for slide in presentation.slides:
        edges = [
            (one.left, one.top, one.left + one.width, one.top + one.height) for one in slide.shapes
        ]
        for number, (left, top, right, bottom) in enumerate(edges):
            if left < 0 or top < 0 or right > wide or bottom > high:
                found.append(f"{slide.shapes.title.text} {number}")
            found += [
                f"{slide.shapes.title.text} {number} {other}"
                for other in edges[number + 1 :]
                if left < other[2] and other[0] < right and top < other[3] and other[1] < bottom
            ]
    return found


@pytest.mark.parametrize("name", EXAMPLES)
@pytest.mark.parametrize("code", languages())
def test_nothing_leaves_a_slide_or_covers_another(code: str, name: str) -> None:
    assert off_slide(opened(example(code, name))) == []


@pytest.mark.parametrize("name", EXAMPLES)
def test_charts_are_native_and_have_the_figures_of_the_plan(name: str) -> None:
    found = charts_of(dossier("fr", name))
    shapes = charts_in(opened(example("fr", name)))
    shown = {told(one, "title"): one.chart for one in shapes}
    assert shown.keys() == {chart.title for chart in found.values()}
    for chart in found.values():
        plot = shown[chart.title].plots[0]
        columns = [series.values for series in plot.series]
        if isinstance(chart.marks[0], Interval):
            marks = chart.marks
            assert [*plot.categories] == [one.name for one in marks]
            assert columns[0] == tuple(one.low for one in marks)
            assert columns[1] == pytest.approx([one.high - one.low for one in marks])
        elif isinstance(chart.marks[0], Bar):
            bars = chart.marks
            assert [*plot.categories] == [one.name for one in bars]
            assert columns[0] == tuple((one.start - EPOCH).days for one in bars)
            days = [max(one or 0 for one in column) for column in zip(*columns[1:], strict=True)]
            assert days == [(one.end - one.start).days + 1 for one in bars]
        else:
            lines = chart.marks
            assert [series.name for series in plot.series] == [one.name for one in lines]
            for line, column in zip(lines, columns, strict=True):
                assert max(one or 0 for one in column) == max(value for _, value in line.points)
                assert column[-1] in {None, line.points[-1][1]}


def test_the_workbook_of_a_chart_has_its_figures_and_no_clock() -> None:
    for shape in charts_in(opened(example("fr", EXAMPLES[0]))):
        book = openpyxl.load_workbook(BytesIO(shape.chart.part.chart_workbook.xlsx_part.blob))
        assert book.properties.created.date() == DAY
        rows = [*book["Sheet1"].iter_rows(values_only=True)]
        columns = shape.chart.plots[0].series
        assert [*rows[0][1:]] == [one.name for one in columns]
        for number, series in enumerate(columns, start=1):
            cells = [row[number] for row in rows[1:]]
            for cell, value in zip(cells, series.values, strict=True):
                said = (cell.date() - EPOCH).days if isinstance(cell, datetime) else cell
                assert said == (None if value is None else pytest.approx(value))


def test_charts_speak_the_language() -> None:
    forms = {"fr": ('0"\u00a0"%', "[$-40C]mmm\\ yyyy"), "en": ("0%", "[$-809]mmm\\ yyyy")}
    for code, (percent, month) in forms.items():
        charts = charts_in(opened(example(code, EXAMPLES[0])))
        scales = {one.chart.value_axis.tick_labels.number_format for one in charts}
        assert {percent, month} <= scales
        assert ("#,##0" in scales) == (code == "en")


def test_the_same_plan_gives_the_same_bytes() -> None:
    assert deck_of(dossier("fr")) == example("fr", EXAMPLES[0])
    names = ZipFile(BytesIO(example("fr", EXAMPLES[0]))).infolist()
    assert {one.date_time[:3] for one in names} == {(DAY.year, DAY.month, DAY.day)}


@pytest.mark.parametrize("start", STARTS)
def test_what_a_person_wrote_arrives_as_text(start: str) -> None:
    found = hostile_dossier(start)
    content = deck_of(found)
    presentation = opened(content)
    said = flat(words_of(presentation))
    assert flat(f"{start} {INSIDE}") in said
    for line in text_of(markdown_of(found)).splitlines():
        assert flat(line) in said
    assert off_slide(presentation) == []
    for part in ZipFile(BytesIO(content)).namelist():
        if part.endswith(".rels"):
            assert b'TargetMode="External"' not in ZipFile(BytesIO(content)).read(part)
    for shape in charts_in(presentation):
        book = openpyxl.load_workbook(BytesIO(shape.chart.part.chart_workbook.xlsx_part.blob))
        cells = [cell for row in book["Sheet1"].iter_rows() for cell in row]
        assert not [cell for cell in cells if cell.data_type == "f" or cell.hyperlink]


@pytest.mark.parametrize(
    "value", [LONG, "x" * 40_000, "👩🏽‍🚀" * 500, "\u202ereversed", "日本語" * 900]
)
@pytest.mark.parametrize(
    "place",
    ["# {}", "# T\n\n{}", "# T\n\n## {}", "# T\n\n## A\n\n{}", "# T\n\n## A\n\n- {}\n- b",
     "# T\n\n## A\n\n> {}", "# T\n\n## A\n\n| A | B |\n|:--|--:|\n| {} | b |\n| c | d |",
     "# T\n\n## A\n\n| {} | B |\n|:--|--:|\n| c | d |"],
)  # fmt: skip
def test_long_values_go_on_on_other_slides(place: str, value: str) -> None:
    presentation = simple(place.format(markdown_text(value)))
    assert flat(value) in flat("".join(long_texts(presentation)))
    assert off_slide(presentation) == []
    titles = titles_of(presentation)
    assert len(set(titles)) == len(titles)


def long_texts(presentation: Any) -> Iterator[str]:
    """Read what is neither title nor foot nor repeated, of tables the first column."""
    heads = titles_of(presentation)
    for slide in presentation.slides:
        for shape in slide.shapes:
            if shape.has_table:
                head, *rows = shape.table.rows
                yield from (row.cells[0].text for row in rows)
                heads.append(head.cells[0].text)
            elif shape.has_text_frame and shape.name.startswith(("TextBox", "Subtitle")):
                yield shape.text_frame.text
    yield from heads


def test_a_table_goes_on_under_its_head() -> None:
    rows = "".join(f"| {number} | text of {number} |\n" for number in range(60))
    presentation = simple(f"# T\n\n## Rows\n\n| No | Text |\n|--:|:--|\n{rows}")
    tables = [one.table for slide in presentation.slides for one in slide.shapes if one.has_table]
    count = len(tables)
    marks = [f"Rows ({number}/{count})" for number in range(1, count + 1)]
    assert titles_of(presentation)[1:] == marks
    assert {table.cell(0, 1).text for table in tables} == {"Text"}
    assert sum(len(table.rows) - 1 for table in tables) == 60
    sizes = [len(table.rows) for table in tables]
    assert max(sizes) - min(sizes) <= 1


def test_every_block_of_markdown_has_its_place() -> None:
    text = """Before any title.

# Deck

## One

**Bold** and *italic* and `code`, a [link](https://example.org/a)\\
after a break.

### Inner

1. first
2. second

   more of it
   - deeper

> box
>
> - in the box

    code block

---

![unknown](charts/nothing.svg)

## One

##

| Only | Head |
|:--|--:|
"""
    presentation = simple(text, say=EN)
    said = flat(words_of(presentation))
    for word in ["Before any title.", "italic", "(https://example.org/a)", "after a break."]:
        assert flat(word) in said
    for word in ["Inner", "first", "more of it", "deeper", "in the box", "code block", "unknown"]:
        assert flat(word) in said
    assert titles_of(presentation) == ["Foot", "Deck", "One", "One [2]", "Foot [2]"]
    runs = [
        run
        for shape in presentation.slides[2].shapes
        if shape.has_text_frame
        for paragraph in shape.text_frame.paragraphs
        for run in paragraph.runs
    ]
    assert [run.text for run in runs if run.font.bold] == ["Bold", "Inner"]
    assert [run.text for run in runs if run.font.italic] == ["italic"]
    numbers = presentation.slides[2]._element.xpath(".//a:buAutoNum/@startAt")  # noqa: SLF001
    assert numbers == ["1", "2"]


@pytest.mark.parametrize("code", languages())
def test_the_title_of_a_chart_is_said_once(code: str) -> None:
    found = dossier(code, draws=True)
    for slide in opened(Press(found).made("pptx", None, "deck")).slides:
        for one in [shape.chart for shape in slide.shapes if shape.has_chart]:
            if one.has_title:
                title = flat(one.chart_title.text_frame.text)
                assert all(title not in flat(said) for said in _words(slide))


def test_many_marks_take_several_slides() -> None:
    marks = tuple(Bar("wave", f"Wave {number}", DAY, DAY) for number in range(60))
    bars = Chart("Waves", "All waves", marks)
    content = deck("# T\n\n## A\n\n![A](charts/w.svg)", {"w": bars}, Look(), "", FR, DAY)
    names = [name for one in charts_in(opened(content)) for name in one.chart.plots[0].categories]
    assert names == [one.name for one in marks]


BARS = Chart("Two waves", "Said", tuple(Bar("wave", f"Wave {at}", DAY, DAY) for at in range(2)))
SHARES = Chart("Shares", "Said", (Interval("One", 0.1, 0.3),), is_share=True)
CURVE = Chart("Curve", "Said", (Line("All", ((DAY, 0), (DAY.replace(year=2028), 1200))),))
ALL = {"bars": BARS, "shares": SHARES, "curve": CURVE}
PLACE = "![Said](charts/{}.svg)"


@pytest.mark.parametrize(
    ("body", "slides"),
    [
        (f"{PLACE}", 1),
        (f"Before\n{PLACE}\nafter", 1),
        (f"{PLACE}\n\n- item\n\n  more", 1),
        (f"- item\n\n  {PLACE}", 1),
        (f"> **Decision**: now\n\n{PLACE}", 1),
        (f"{PLACE}\n{PLACE}", 2),
        ("- item\n" * 9 + f"\n{PLACE}", 1),
        ("- item\n" * 30 + f"\n{PLACE}", 3),
        (f"{PLACE}\n\n" + "| A | B |\n|--|--|\n" + f"| {'a ' * 99} | b |\n" * 20, 4),
    ],
)
@pytest.mark.parametrize("name", ALL)
def test_charts_stand_with_texts_where_there_is_room(name: str, body: str, slides: int) -> None:
    text = f"# T\n\n## {ALL[name].title}\n\n{body.replace('{}', name)}"
    presentation = opened(deck(text, ALL, Look(), "", EN, DAY))
    assert off_slide(presentation) == []
    assert len(presentation.slides) - 1 == slides
    assert len(charts_in(presentation)) == body.count(PLACE)


@pytest.mark.parametrize("months", [1, 3, 7, 18, 40, 90])
@pytest.mark.parametrize("first", [date(2026, 1, 1), date(2026, 3, 31), date(2027, 12, 1)])
def test_the_labels_of_a_scale_of_days_name_their_months(first: date, months: int) -> None:
    bar = Bar("phase", "Phase", first, first + timedelta(days=30 * months))
    chart = Chart("Bar", "Said", (bar,))
    shown = opened(deck("# T\n\n## A\n\n![](charts/b.svg)", {"b": chart}, Look(), "", EN, DAY))
    axis = charts_in(shown)[0].chart.value_axis
    count = int((axis.maximum_scale - axis.minimum_scale) / axis.major_unit)
    ticks = [EPOCH + timedelta(axis.minimum_scale + n * axis.major_unit) for n in range(count + 1)]
    assert ticks[0] <= first
    assert (axis.maximum_scale - (bar.end - EPOCH).days) > 0
    step = round(axis.major_unit / 30.4375)
    number = [tick.year * 12 + tick.month for tick in ticks]
    assert {after - before for before, after in pairwise(number)} <= {step}


# ── A client's template ───────────────────────────────────────────────────────────────────────────


def client(*kinds: str, sample: bool = True) -> bytes:
    """Make a template with few layouts under French names, and sample slides."""
    presentation = pptx.Presentation()
    for layout in list(presentation.slide_layouts):
        kind = layout._element.get("type")  # noqa: SLF001
        if kind in kinds:
            layout.name = FRENCH.get(kind, "Autre")
        else:
            presentation.slide_layouts.remove(layout)
    presentation.core_properties.author = "Agency"
    for layout in presentation.slide_layouts if sample else ():
        made = presentation.slides.add_slide(layout)
        made.shapes.add_textbox(0, 0, 100, 100).text_frame.text = "SAMPLE"
    found = BytesIO()
    presentation.save(found)
    return found.getvalue()


def changed(content: bytes, part: str, was: bytes, now: bytes) -> bytes:
    return repacked(content, {part: lambda said: said.replace(was, now)})


TYPES = "[Content_Types].xml"


def template(content: bytes) -> bytes:
    return changed(content, TYPES, b"presentation.main+xml", b"template.main+xml")


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
