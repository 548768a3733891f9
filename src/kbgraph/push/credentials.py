"""Credentials for stores: where they are looked for, and that nothing shows them.

They come from the environment, a netrc file or a prompt; never from options, settings or addresses,
which end up in histories, repositories and logs. How they are sent is decided in `http`.
"""

from __future__ import annotations

import netrc
import os
import re
from base64 import b64encode
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from kbgraph.errors import UsageError

__all__ = ["Credentials", "Prompt", "checked_url", "find_credentials", "host_of", "is_loopback", "shown_url"]

#: Asks a person for user and password of a host; None where nobody answers.
Prompt = Callable[[str], "tuple[str, str] | None"]

_UNFIT = re.compile(r"[\x00-\x1f\x7f]")
_TOKEN = re.compile(r"[\x21-\x7e]+")
_NOT_IN_URL = re.compile(r"[\x00-\x20\x7f<>\"{}|\\^`]")


class Credentials:
    """User and password, or a token; they are shown by no `repr`, copied into no message, and not pickled.

    Args:
        user: the name of the user; empty for a token.
        secret: the password, or the token.
        origin: where they were found, for messages.

    Raises:
        UsageError: a header cannot carry them.
    """

    __slots__ = ("_secret", "origin", "user")

    def __init__(self, user: str, secret: str, origin: str) -> None:
        if _UNFIT.search(user) or ":" in user:
            raise UsageError(f"the user name of {origin} holds a colon or a control character, which HTTP cannot send")
        if _UNFIT.search(secret) or (not user and not _TOKEN.fullmatch(secret)):
            raise UsageError(f"the password or token of {origin} holds a character that HTTP cannot send, or nothing")
        self.user = user
        self.origin = origin
        self._secret = secret

    @property
    def is_token(self) -> bool:
        """True for a token, which is sent as it is."""
        return not self.user

    def reveal(self) -> str:
        """The password or token, for the header that carries it and nothing else."""
        return self._secret

    def hidden(self, text: str) -> str:
        """A text, such as a server's message, in which the password or token is not to be read."""
        forms = (self._secret, b64encode(f"{self.user}:{self._secret}".encode()).decode())
        for each in forms:
            text = text.replace(each, "***") if len(each) > 2 else text
        return text

    def __repr__(self) -> str:
        return f"<Credentials of {self.origin}>"

    def __reduce__(self) -> str:
        raise TypeError("credentials are not written anywhere")


def find_credentials(url: str, environ: Mapping[str, str] | None = None) -> Credentials | None:
    """The credentials for the host of a URL: of the environment, else of a netrc file; None where there are none.

    The environment has `KBGRAPH_TOKEN`, or `KBGRAPH_USER` and `KBGRAPH_PASSWORD`; `NETRC` names
    another file than `~/.netrc`. What netrc says of `default` is not used: it would be sent anywhere.

    Raises:
        UsageError: half of them are missing, there are two, or the file cannot be read.
    """
    given = os.environ if environ is None else environ
    token, user, password = (given.get(f"KBGRAPH_{name}") for name in ("TOKEN", "USER", "PASSWORD"))
    if token and (user or password):
        raise UsageError("KBGRAPH_TOKEN and KBGRAPH_USER or KBGRAPH_PASSWORD are both set: which one is meant?")
    if token:
        return Credentials("", token, "KBGRAPH_TOKEN")
    if user and password is not None:
        return Credentials(user, password, "KBGRAPH_USER and KBGRAPH_PASSWORD")
    if user or password:
        missing = "KBGRAPH_PASSWORD" if user else "KBGRAPH_USER"
        raise UsageError(f"{missing} is not set, but the other of the two is")
    return _of_netrc(urlsplit(url).hostname or "", given)


def _of_netrc(host: str, environ: Mapping[str, str]) -> Credentials | None:
    named = environ.get("NETRC")
    path = Path(named) if named else Path(environ.get("HOME") or "~").expanduser() / ".netrc"
    if not path.is_file():
        if named:
            raise UsageError(f"'{path}', which NETRC names, is not a file")
        return None
    try:
        found = netrc.netrc(str(path)).hosts.get(host)
        if found and os.name == "posix" and path.stat().st_mode & 0o077:
            raise UsageError(f"'{path}' can be read by others; make it yours alone with: chmod 600 '{path}'")
    except netrc.NetrcParseError as error:  # its text may quote a password
        raise UsageError(f"'{path}', line {error.lineno}: this is not in the form of a netrc file") from None
    except UnicodeDecodeError:
        raise UsageError(f"'{path}' is not UTF-8") from None
    except OSError as error:
        raise UsageError(f"'{path}' cannot be read: {error.strerror}") from None
    return Credentials(found[0], found[2] or "", f"'{path}'") if found else None


def checked_url(text: str) -> str:
    """The address of a store, if it is one.

    Raises:
        UsageError: it is not http(s), has no host, or holds credentials, which the message does not repeat.
    """
    parts = _parts(text)
    if parts.username is not None or parts.password is not None or "@" in parts.netloc:
        raise UsageError(
            "the address holds a user name or password; addresses are kept in histories and logs: "
            "set KBGRAPH_USER and KBGRAPH_PASSWORD, or use a netrc file"
        )
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.fragment or _NOT_IN_URL.search(text):
        raise UsageError(f"{text!r} is not the address of a store, such as http://localhost:7878")
    return text


def _parts(text: str) -> SplitResult:
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError:
        shown = "the address" if "@" in text else repr(text)
        raise UsageError(f"{shown} is not the address of a store, such as http://localhost:7878") from None
    return parts


def shown_url(url: str) -> str:
    """An address as messages show it: without what may be secret, that is user, query and fragment.

    >>> shown_url("http://me:pass@host:1/sparql?token=x")
    'http://host:1/sparql'
    """
    parts = urlsplit(url)
    return f"{parts.scheme}://{host_of(url)}{parts.path}"


def host_of(url: str) -> str:
    """The host of an address, with its port where one is said."""
    return urlsplit(url).netloc.rpartition("@")[2]


def is_loopback(url: str) -> bool:
    """True where an address is one of this machine, so that nobody listens on the way.

    >>> is_loopback("http://localhost:7878/"), is_loopback("http://[::1]/"), is_loopback("http://localhost.example/")
    (True, True, False)
    """
    host = (urlsplit(url).hostname or "").lower()
    return host in {"localhost", "::1"} or re.fullmatch(r"127(\.\d{1,3}){3}", host) is not None
