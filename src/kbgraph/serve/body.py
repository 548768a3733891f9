"""The body of an article as HTML: its Markdown, with nothing in it that runs or is fetched from elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

__all__ = ["html_of"]

#: Our pages begin with one heading of the first level.
_HIGHEST, _LOWEST = 2, 6


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False, "maxNesting": 40}).enable(["table", "strikethrough"])


def html_of(text: str, anchors: Sequence[str], href: Callable[[str], str]) -> Markup:
    """The HTML of a body.

    Args:
        text: the Markdown.
        anchors: the ids of its headings, in their order.
        href: where a link as written leads on this page; "" for nowhere.
    """
    parser = _parser()
    tokens = parser.parse(text)
    _set_headings(tokens, list(anchors))
    for token in tokens:
        if token.children:
            token.children = list(_inline(token.children, href))
        if token.tag == "th":  # alignment is an inline style, which is not allowed here
            token.attrs.pop("style", None)
        if token.tag == "td":
            token.attrs.pop("style", None)
    # what the parser writes is escaped; HTML in the text is text
    return Markup(parser.renderer.render(tokens, parser.options, {}))  # noqa: S704


def _set_headings(tokens: list[Token], anchors: list[str]) -> None:
    """Give headings their ids, and levels that skip none."""
    before = _HIGHEST - 1
    current = _HIGHEST
    for token in tokens:
        if token.type == "heading_open":
            current = min(max(int(token.tag[1:]), _HIGHEST), before + 1, _LOWEST)
            before = current
            if anchors:
                token.attrSet("id", anchors.pop(0))
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{current}"


def _inline(tokens: list[Token], href: Callable[[str], str]) -> list[Token]:
    """The parts of a line: links go where they lead; a picture is a link, since nothing is fetched from others."""
    made: list[Token] = []
    open_links: list[bool] = []
    for token in tokens:
        if token.type == "image":
            made += _picture(token, href)
        elif token.type == "link_open":
            target = href(str(token.attrGet("href") or ""))
            open_links.append(bool(target))
            if target:
                token.attrSet("href", target)
                if urlsplit(target).scheme:
                    token.attrSet("rel", "noreferrer")
                made.append(token)
        elif token.type == "link_close":
            if open_links.pop():
                made.append(token)
        else:
            made.append(token)
    return made


def _picture(token: Token, href: Callable[[str], str]) -> list[Token]:
    text = Token("text", "", 0, content=token.content or "picture")
    target = href(str(token.attrGet("src") or ""))
    if not target:
        return [text]
    opening = Token("link_open", "a", 1, attrs={"href": target, "rel": "noreferrer"})
    return [opening, text, Token("link_close", "a", -1)]
