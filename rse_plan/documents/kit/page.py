"""A document as a web page that needs nothing else: no script, no request, its style inside."""

from functools import cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markdown_it import MarkdownIt
from markupsafe import Markup

from rse_plan.files.resources import shipped

_TEMPLATE = "page.html.j2"


def page(markdown: str, title: str, language: str) -> str:
    """Return a whole HTML page; HTML in the Markdown is shown as text."""
    body = Markup(_reader().render(markdown))  # noqa: S704 - made here, without any raw HTML
    return f"{_template().render(body=body, title=title, language=language).strip()}\n"


@cache
def _reader() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])


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
