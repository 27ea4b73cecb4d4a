"""A document as a web page that needs nothing else: no script, no request, all of it inside."""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markupsafe import Markup, escape

from rse_plan.documents.kit.look import Look
from rse_plan.documents.kit.manuscript import BOX, Manuscript, chart_of
from rse_plan.files.resources import shipped

_TEMPLATE = "page.html.j2"
_CHARTS = "charts"


def page(manuscript: Manuscript, look: Look) -> bytes:
    """Return a whole HTML page, in UTF-8; HTML in the Markdown is shown as text."""
    env = {_CHARTS: manuscript.charts}
    tokens = _reader().parse(manuscript.markdown, env)
    _mark_boxes(tokens)
    body = _reader().renderer.render(tokens, _reader().options, env)
    logo = None if look.logo is None else b64encode(look.logo).decode()
    made = _template().render(
        body=Markup(body),  # noqa: S704 - made here, without any raw HTML
        title=f"{manuscript.title} – {manuscript.organisation}",
        organisation=manuscript.organisation,
        language=manuscript.language,
        look=look,
        logo=logo,
    )
    return f"{made.strip()}\n".encode()


@cache
def _reader() -> MarkdownIt:
    reader = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    reader.add_render_rule("image", _image)
    return reader


def _mark_boxes(tokens: Sequence[Token]) -> None:
    """Let a list of boxes to tick have the boxes as its marks."""
    lists: list[tuple[Token, list[Token | None]]] = []
    for place, token in enumerate(tokens):
        if token.type.endswith("_list_open"):
            lists.append((token, []))
        elif token.type == "list_item_open":
            # A paragraph opens, and here is what stands in it.
            inside = tokens[place + 2].children
            lists[-1][1].append(inside[0] if inside else None)
        elif token.type.endswith("_list_close"):
            opening, firsts = lists.pop()
            texts = [one for one in firsts if one and one.content.startswith(f"{BOX} ")]
            if opening.type == "bullet_list_open" and len(texts) == len(firsts):
                opening.attrSet("class", "boxes")
                for one in texts:
                    one.content = one.content.removeprefix(f"{BOX} ")


def _image(
    _renderer: RendererHTML,
    tokens: Sequence[Token],
    index: int,
    _options: object,
    env: Mapping[str, Any],
) -> str:
    """Draw a chart inside the page; of any other image, which would be fetched, say what it is."""
    token = tokens[index]
    drawn = env[_CHARTS].get(chart_of(str(token.attrs["src"])))
    return str(drawn) if drawn else str(escape(token.content))


@cache
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(shipped("templates")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(_TEMPLATE)
