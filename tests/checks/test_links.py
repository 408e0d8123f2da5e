"""Addresses are asked politely and judged carefully: against a real server on this machine, and against what fails."""

import errno
import http.client
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final
from urllib.error import URLError

import pytest

from taiyaku.checks import links
from taiyaku.checks.links import AGENT, Answer, LinkState, Servers, ask, ask_all


class Server(ThreadingHTTPServer):
    """Answers by the path: ``/404`` with 404, ``/to/x`` with a redirect to ``/x``; writes down who asked what."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[tuple[str, str]] = []
        self.agents: set[str] = set()
        self.now = 0
        self.most = 0
        self.guard = threading.Lock()

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.server_port}{path}"


class Handler(BaseHTTPRequestHandler):
    server: Server

    def log_message(self, *_arguments: object) -> None:
        """Stay silent."""

    def do_HEAD(self) -> None:
        self.handle_any()

    def do_GET(self) -> None:
        self.handle_any()

    def handle_any(self) -> None:
        server = self.server
        with server.guard:
            server.asked.append((self.command, self.path))
            server.agents.add(self.headers["User-Agent"])
            server.now += 1
            server.most = max(server.most, server.now)
        time.sleep(0.02)
        with server.guard:
            server.now -= 1
        self.answer()

    def answer(self) -> None:
        path = self.path
        if path == "/slow":
            time.sleep(1.0)
        if path.startswith("/get-only-") and self.command == "HEAD":
            self.send_response(int(path[-3:]))
        elif path.startswith("/to/"):
            self.send_response(302)
            self.send_header("Location", path[3:])
        elif path == "/to-japanese":
            self.send_response(301)
            self.wfile_location("/日本")
        elif path in ("/round", "/and-round"):
            self.send_response(301)
            self.send_header("Location", "/and-round" if path == "/round" else "/round")
        elif path == "/mail":
            self.send_response(301)
            self.send_header("Location", "mailto:a@example.org")
        else:
            self.send_response(int(path[1:4]) if path[1:4].isdecimal() else 200)
        self.end_headers()

    def wfile_location(self, path: str) -> None:
        """Send an address in raw UTF-8, as some servers do."""
        self.send_header("Location", path.encode("utf-8").decode("latin-1"))


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with Server() as one:
        thread = threading.Thread(target=one.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield one
        one.shutdown()
        thread.join()


QUICK: Final = Servers(timeout_s=0.5, pause_s=0.0)


def asked(server: Server, path: str) -> Answer:
    server.asked.clear()
    return ask(server.url(path), QUICK)


def test_a_page_that_is_there_is_asked_once_and_not_read(server: Server) -> None:
    assert asked(server, "/page#part") == Answer(server.url("/page#part"), LinkState.THERE, "")
    assert server.asked == [("HEAD", "/page")]
    assert server.agents == {AGENT}
    assert AGENT.startswith("Taiyaku/")


@pytest.mark.parametrize("status", [403, 404, 405, 501])
def test_a_server_that_refuses_the_head_is_asked_for_the_page(server: Server, status: int) -> None:
    assert asked(server, f"/get-only-{status}").state is LinkState.THERE
    assert [method for method, _ in server.asked] == ["HEAD", "GET"]


@pytest.mark.parametrize(
    ("status", "state", "why"),
    [
        (404, LinkState.DEAD, "there is no such page any more (404)"),
        (410, LinkState.DEAD, "there is no such page any more (410)"),
        (400, LinkState.DEAD, "the server refuses it (400)"),
        (304, LinkState.DEAD, "the server refuses it (304)"),
        (403, LinkState.UNKNOWN, "the server does not talk to programs (403): open it yourself"),
        (429, LinkState.UNKNOWN, "the server was asked too often (429): try again later"),
        (503, LinkState.UNKNOWN, "the server has a fault of its own (503): try again in some days"),
    ],
)
def test_a_status_is_judged_in_words(server: Server, status: int, state: LinkState, why: str) -> None:
    answer = asked(server, f"/{status}")
    assert (answer.state, answer.why, answer.leads_to, answer.reached) == (state, why, "", True)
    assert len(server.asked) == (1 if status in (304, 429) else 2)


def test_a_redirect_is_followed_and_told(server: Server) -> None:
    assert asked(server, "/to/to/page") == Answer(
        server.url("/to/to/page"), LinkState.MOVED, "it moved", server.url("/page")
    )
    assert server.asked == [("HEAD", "/to/to/page"), ("HEAD", "/to/page"), ("HEAD", "/page")]
    assert asked(server, "/to/404").state is LinkState.DEAD
    assert asked(server, "/to/404").leads_to == server.url("/404")


def test_a_page_that_leads_to_the_front_page_is_suspect(server: Server) -> None:
    assert asked(server, "/to/").why == "it leads to a front page: the page itself may be gone"


def test_an_address_in_japanese(server: Server) -> None:
    assert asked(server, "/to-japanese").state is LinkState.MOVED
    assert server.asked[1] == ("HEAD", "/%E6%97%A5%E6%9C%AC")
    assert asked(server, "/日本?頁=1").state is LinkState.THERE
    assert server.asked == [("HEAD", "/%E6%97%A5%E6%9C%AC?%E9%A0%81=1")]


@pytest.mark.parametrize("path", ["/round", "/to" * 12 + "/page"])
def test_a_circle_ends(server: Server, path: str) -> None:
    answer = asked(server, path)
    assert (answer.state, answer.why) == (LinkState.DEAD, "it leads round in a circle, or over too many steps")
    assert len(server.asked) <= 10


def test_what_leads_out_of_the_web(server: Server) -> None:
    assert asked(server, "/mail") == Answer(
        server.url("/mail"), LinkState.DEAD, "it leads to something that is no page on the web", "mailto:a@example.org"
    )


def test_no_answer_in_time(server: Server) -> None:
    answer = asked(server, "/slow")
    assert (answer.state, answer.why) == (LinkState.UNKNOWN, "127.0.0.1 gave no answer in 0.5 seconds")


def test_nobody_listens() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    answer = ask(f"http://127.0.0.1:{port}/", QUICK)
    assert (answer.state, answer.why, answer.reached) == (LinkState.DEAD, "127.0.0.1 takes no calls", True)


@pytest.mark.parametrize(
    ("error", "state", "why", "reached"),
    [
        (URLError(socket.gaierror(socket.EAI_NONAME, "")), LinkState.DEAD, "the name a.example was not found", False),
        (
            URLError(socket.gaierror(socket.EAI_AGAIN, "")),
            LinkState.UNKNOWN,
            "the name a.example was not found just now",
            False,
        ),
        (
            URLError(ssl.SSLCertVerificationError("expired")),
            LinkState.DEAD,
            "the certificate of a.example is not valid: a browser will warn",
            True,
        ),
        (
            URLError(OSError(errno.ENETUNREACH, "Network is unreachable")),
            LinkState.UNKNOWN,
            "a.example broke off (Network is unreachable)",
            False,
        ),
        (
            http.client.RemoteDisconnected("closed without response"),
            LinkState.UNKNOWN,
            "a.example broke off (closed without response)",
            True,
        ),
        (http.client.BadStatusLine(""), LinkState.UNKNOWN, "a.example broke off (", True),
        (UnicodeError("label too long"), LinkState.DEAD, "a.example is not a name that a server can have", True),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_why_there_is_no_answer(
    error: Exception, state: LinkState, why: str, reached: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_asked: object) -> tuple[int, str]:
        raise error

    monkeypatch.setattr(links, "_request", fails)
    answer = ask("https://a.example/page", QUICK)
    assert (answer.state, answer.reached) == (state, reached)
    assert answer.why.startswith(why)


def test_one_request_at_a_time_to_a_server_and_each_address_once(server: Server) -> None:
    server.asked.clear()
    server.most = 0
    urls = [server.url(f"/page-{number}") for number in range(5)] * 2
    # the other name of the same machine leads back to the first server, in the middle of its turn
    others = [f"http://localhost:{server.server_port}/other-{number}" for number in range(2)]
    answers = ask_all([*urls, *others], QUICK)
    assert sorted(path for _, path in server.asked) == [
        *(f"/other-{number}" for number in range(2)),
        *(f"/page-{number}" for number in range(5)),
    ]
    assert set(answers) == {*urls, *others}
    assert server.most <= 2
    server.most = 0
    ask_all(urls, QUICK)
    assert server.most == 1


def test_a_pause_between_two_requests(server: Server) -> None:
    began = time.monotonic()
    ask_all([server.url("/a"), server.url("/b")], Servers(timeout_s=1.0, pause_s=0.2))
    assert time.monotonic() - began >= 0.4
