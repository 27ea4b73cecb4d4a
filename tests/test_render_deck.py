"""The deck, read back by others: every word, and native charts."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from io import BytesIO
from itertools import pairwise
from typing import Any
from zipfile import ZipFile

import pytest
from decks import (
    DAY,
    EN,
    EXAMPLES,
    FR,
    charts_in,
    charts_of,
    deck_of,
    example,
    markdown_of,
    off_slide,
    opened,
    simple,
    titles_of,
    told,
    words_of,
    words_on,
)
from hostile import INSIDE, LONG, STARTS, flat, hostile_dossier
from kits import dossier, text_of

from rse_plan.documents.kit.forms.deck import deck
from rse_plan.documents.kit.look import Look
from rse_plan.documents.kit.marks import Bar, Chart, Interval, Line
from rse_plan.documents.kit.press import Press
from rse_plan.documents.render import markdown_text
from rse_plan.language import languages

openpyxl: Any = pytest.importorskip("openpyxl")

EPOCH = date(1899, 12, 30)
SMALLEST = 12


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
                assert all(title not in flat(said) for said in words_on(slide))


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
