"""The page as one HTML document: data, script and style in it, and nothing that is fetched.

The script and the style are the bundle in `assets/`; a policy in the page names their hashes, so
that nothing else can run in it, whatever the data holds.
"""

from __future__ import annotations

import hashlib
import html
import re
from base64 import b64encode
from collections.abc import Mapping
from typing import Any

import orjson

from kbgraph.resources import resource_text

__all__ = ["document_of"]

_TEMPLATE = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="generator" content="kbgraph">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<link rel="icon" href="data:,">
<style>{style}</style>
</head>
<body>
<div id="kbgraph"><noscript>This page draws its graph with JavaScript, which is switched off here.</noscript></div>
<script type="application/json" id="kbgraph-data">{data}</script>
<script>{script}</script>
</body>
</html>
"""

#: What ends a script, begins a comment in one, or is a line end in JavaScript and none in JSON.
_UNSAFE = re.compile("[<\u2028\u2029]")


def document_of(data: Mapping[str, Any], focus: str = "") -> bytes:
    """The page of some data, as made by `data.page_data`.

    Args:
        data: all that it shows.
        focus: the node that it opens with, as in the data; "" for the overview.
    """
    script, style = (_asset(name) for name in ("explorer.js", "style.css"))
    encoded = orjson.dumps({**data, "focus": focus} if focus else dict(data)).decode()
    policy = "; ".join(
        (
            "default-src 'none'",
            f"script-src '{_hash(script)}'",
            f"style-src '{_hash(style)}'",
            "img-src data: blob:",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )
    return _TEMPLATE.format(
        policy=policy,
        title=html.escape(str(data["title"])),
        style=style,
        data=_UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", encoded),
        script=script,
    ).encode()


def _asset(name: str) -> str:
    return resource_text("page/assets", name).strip()


def _hash(text: str) -> str:
    return f"sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
