"""Addresses → whether they still lead to a page. The only module that asks the network.

Polite by rule: one request at a time to a server, a pause between two, a name in the User-Agent, and no page is read.
"""

import errno
import http.client
import socket
import ssl
import threading
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urldefrag, urljoin, urlsplit, urlunsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from taiyaku import VERSION

AGENT: Final = f"Taiyaku/{VERSION} (looks whether the sources of a printed guide are still there)"
TIMEOUT_S: Final = 20.0
PAUSE_S: Final = 1.0
_SERVERS_AT_A_TIME: Final = 8
_REDIRECTS: Final = 10


class LinkState(StrEnum):
    """What is known of an address."""

    THERE = "there"
    MOVED = "moved"
    DEAD = "dead"
    UNKNOWN = "could not be judged"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of asking for an address: its state, why, in words, where it led in the end.

    ``reached`` is False where no server was found: the address may be wrong, or this machine has no network.
    """

    url: str
    state: LinkState
    why: str
    leads_to: str = ""
    reached: bool = True


@dataclass(frozen=True)
class Servers:
    """Takes care that nobody is asked twice at a time; ``timeout_s`` and ``pause_s`` in seconds."""

    timeout_s: float = TIMEOUT_S
    pause_s: float = PAUSE_S
    _locks: dict[str, threading.Lock] = field(default_factory=lambda: defaultdict(threading.Lock))
    _guard: threading.Lock = field(default_factory=threading.Lock)

    def request(self, url: str, method: str) -> tuple[int, str]:
        """Ask once, without following a redirect; give the status and the address that a redirect names.

        Raises:
            OSError, http.client.HTTPException: there is no answer, or none that HTTP knows.
        """
        with self._guard:
            lock = self._locks[urlsplit(url).netloc]
        with lock:
            try:
                return _request(url, method, self.timeout_s)
            finally:
                time.sleep(self.pause_s)


class _NoRedirect(HTTPRedirectHandler):
    def redirect_request(self, *_asked: object) -> None:
        """Follow nothing: each step is a request of its own to a server of its own."""


def _request(url: str, method: str, timeout_s: float) -> tuple[int, str]:
    asked = Request(_ascii(url), method=method, headers={"User-Agent": AGENT, "Accept": "*/*"})
    try:
        with build_opener(_NoRedirect).open(asked, timeout=timeout_s) as answer:
            return answer.status, ""
    except HTTPError as error:
        with error:
            return error.code, error.headers.get("Location") or ""


def _ascii(url: str) -> str:
    """Write an address as it goes over the wire (RFC 3986); what is escaped already stays."""
    parts = urlsplit(url)
    host = parts.netloc if parts.netloc.isascii() else parts.netloc.encode("idna").decode()
    safe = "%/:=&?~+!$,;'@()*[]"
    return urlunsplit((parts.scheme, host, quote(parts.path, safe), quote(parts.query, safe), ""))


def ask_all(urls: Iterable[str], servers: Servers | None = None) -> Mapping[str, Answer]:
    """Ask each address once, several servers at a time, each server one address after the other."""
    known = servers or Servers()
    by_server: dict[str, list[str]] = {}
    for url in sorted(set(urls)):
        by_server.setdefault(urlsplit(url).netloc, []).append(url)
    with ThreadPoolExecutor(_SERVERS_AT_A_TIME) as pool:
        answers = pool.map(lambda its: [ask(url, known) for url in its], by_server.values())
        return {answer.url: answer for its in answers for answer in its}


def ask(url: str, servers: Servers) -> Answer:
    """Ask for one address and follow where it leads."""
    at, seen = urldefrag(url).url, set[str]()
    while at not in seen and len(seen) < _REDIRECTS:
        seen.add(at)
        try:
            status, location = _status(at, servers)
        except (OSError, ValueError, http.client.HTTPException) as error:
            state, why = _no_answer(_cause(error), at, servers.timeout_s)
            return Answer(url, state, why, _elsewhere(url, at), not _unreached(_cause(error)))
        if not (300 <= status < 400 and location):
            return _judged(url, at, status)
        at = urldefrag(urljoin(at, _decoded(location))).url
        if urlsplit(at).scheme not in ("http", "https"):
            return Answer(url, LinkState.DEAD, "it leads to something that is no page on the web", at)
    return Answer(url, LinkState.DEAD, "it leads round in a circle, or over too many steps", at)


def _status(url: str, servers: Servers) -> tuple[int, str]:
    """Ask for the head of a page; a server that refuses is asked for the page, because many know GET only."""
    status, location = servers.request(url, "HEAD")
    return servers.request(url, "GET") if status >= 400 and status != 429 else (status, location)


def _decoded(location: str) -> str:
    """Undo what http.client makes of an address in UTF-8 (RFC 9110 allows ASCII only; servers do it all the same)."""
    try:
        return location.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return location


_REFUSED: Final = {
    401: "the server wants a password (401)",
    403: "the server does not talk to programs (403): open it yourself",
    407: "a proxy wants a password (407)",
    429: "the server was asked too often (429): try again later",
    451: "it is closed by law where this program runs (451)",
}


def _judged(url: str, at: str, status: int) -> Answer:
    led = _elsewhere(url, at)
    if status in _REFUSED or status >= 500:
        why = _REFUSED.get(status, f"the server has a fault of its own ({status}): try again in some days")
        return Answer(url, LinkState.UNKNOWN, why, led)
    if status >= 300:
        gone = "there is no such page any more" if status in (404, 410) else "the server refuses it"
        return Answer(url, LinkState.DEAD, f"{gone} ({status})", led)
    if not led:
        return Answer(url, LinkState.THERE, "")
    home = urlsplit(at).path in ("", "/") and urlsplit(url).path not in ("", "/")
    return Answer(
        url, LinkState.MOVED, "it leads to a front page: the page itself may be gone" if home else "it moved", led
    )


def _elsewhere(url: str, at: str) -> str:
    return at if at != urldefrag(url).url else ""


def _cause(error: Exception) -> Exception:
    return error.reason if isinstance(error, URLError) and isinstance(error.reason, Exception) else error


def _unreached(why: Exception) -> bool:
    return isinstance(why, socket.gaierror) or getattr(why, "errno", None) in (errno.ENETUNREACH, errno.ENETDOWN)


def _no_answer(why: Exception, at: str, timeout_s: float) -> tuple[LinkState, str]:
    """Word why there was no answer. What may pass, or may be this machine's fault, makes no address dead."""
    server = urlsplit(at).hostname or at
    if isinstance(why, TimeoutError):
        return LinkState.UNKNOWN, f"{server} gave no answer in {timeout_s:g} seconds"
    if isinstance(why, ssl.SSLCertVerificationError):
        return LinkState.DEAD, f"the certificate of {server} is not valid: a browser will warn"
    if isinstance(why, socket.gaierror):
        temporary = why.errno == socket.EAI_AGAIN
        state = LinkState.UNKNOWN if temporary else LinkState.DEAD
        return state, f"the name {server} was not found" + (" just now" if temporary else "")
    if isinstance(why, ConnectionRefusedError):
        return LinkState.DEAD, f"{server} takes no calls"
    if isinstance(why, UnicodeError):
        return LinkState.DEAD, f"{server} is not a name that a server can have"
    return LinkState.UNKNOWN, f"{server} broke off ({getattr(why, 'strerror', None) or why or type(why).__name__})"
