"""One program meets every outcome while the server quotes all secrets in everything it says; its output is searched.

The output is what a person or a collector of logs gets to see: reprs, errors with their tracebacks and frames, pickles
of errors, log records, warnings, audit events, the command line, and whatever libcurl writes to the terminal.
"""

from __future__ import annotations

import json
import ssl
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pytest
import trustme
from client import run_python
from proxies import socks5_to, tunnel_to
from servers import LOOPBACK, Action, Server, chunked, http, session, then_close, then_silence, tls_context

Serve = Callable[..., Server]

MARKER = "mArKeR"
USER, PASSWORD, BEARER, PROXY, COOKIE = (
    f"{MARKER}-{what}" for what in ("user", "password", "bearer", "proxy", "cookie")
)
SECRETS = [USER, PASSWORD, BEARER, PROXY, COOKIE]


class Quoter:
    """A server's answers that quote these secrets wherever a text can stand."""

    def __init__(self, *secrets: str) -> None:
        self.all = "; ".join(secrets)
        self.url = "https://example.com/?" + "&".join(quote(secret).replace("R", "%52") for secret in secrets)
        self.page = f"<html>{self.all} {self.url}</html>".encode()
        self.lines = [
            f"Set-Cookie: ZSession={COOKIE}; Path=/",
            f"X-Echo: {self.all}",
            f"X-Url: {self.url}",
            f"X-{PASSWORD}: {COOKIE}",
            f"Zuora-Request-Id: {self.all}",
            f"Zuora-Track-Id: {self.all}",
            f"RateLimit-Limit: 7;{self.all}",
            f"X-RateLimit-Limit-minute: {self.all}",
            f"RateLimit-Reset: {PASSWORD}",
            f"Retry-After: {PASSWORD}",
            f'WWW-Authenticate: Basic realm="{self.all}"',
            f"Refresh: 0; url={self.url}",
        ]

    def says(self, success: bool, code: int | str = 90000011) -> bytes:
        reasons = [{"code": code, "message": f"{self.all} {self.url}"}, {"code": self.all}]
        return json.dumps({"success": success, "processId": self.all, "reasons": reasons}).encode()

    def answer(self, status: int, *lines: str, body: bytes | None = None, framed: bool = False) -> bytes:
        raw = http(status, *self.lines, *lines, body=self.page if body is None else body, framed=framed)
        return raw.replace(b" Whatever\r\n", f" {self.all}\r\n".encode(), 1)  # the reason phrase

    def answers(self) -> dict[str, tuple[Action, str]]:
        """By name; with each the class of what a program makes of it."""
        answer, yes, no = self.answer, self.says(True), self.says(False)
        chunks = "Transfer-Encoding: chunked"
        twice = f'{{"success": true, "{PASSWORD}": 1, "{PASSWORD}": 1}}'.encode()
        trailer = f"X-Trailer: {self.all}\r\n\r\n".encode()
        return {
            "session": (answer(200, body=yes), "Connection"),
            "session and trailers": (answer(200, chunks, body=chunked(yes)[:-2] + trailer, framed=True), "Connection"),
            "refusal": (answer(401, body=no), "AuthenticationError"),
            "refusal with 200": (answer(200, body=no), "AuthenticationError"),
            "refusal by a text": (answer(200, body=self.says(False, self.all)), "Refused"),
            "entity": (answer(200, body=self.says(False, 90000020)), "EntityError"),
            "forbidden page": (answer(403), "AccessDenied"),
            "rate limit": (answer(429), "RateLimited"),
            "server error": (answer(500), "ServerError"),
            "server error in form": (answer(503, body=no), "ServerError"),
            "page": (answer(200), "BadAnswer"),
            "page with 404": (answer(404), "BadAnswer"),
            "redirect": (answer(307, f"Location: https://{PASSWORD}.example.com/"), "BadAnswer"),
            "redirect to the cookie": (answer(302, f"Location: https://{COOKIE}.example.com/"), "BadAnswer"),
            "redirect to user info": (answer(301, f"Location: https://{USER}:{PASSWORD}@example.com/"), "BadAnswer"),
            "redirect to nowhere": (answer(308, f"Location: {PASSWORD}://{self.all}"), "BadAnswer"),
            "duplicate key": (answer(200, body=twice), "BadAnswer"),
            "bad JSON": (answer(200, body=yes + PASSWORD.encode()), "BadAnswer"),
            "encoding": (answer(200, f"Content-Encoding: {PASSWORD}", body=yes), "BadAnswer"),
            "framing": (answer(200, f"Transfer-Encoding: {PASSWORD}", body=yes), "BadAnswer"),
            "bad length": (answer(200, f"Content-Length: {PASSWORD}", body=yes, framed=True), "BadAnswer"),
            "bad chunk": (answer(200, chunks, body=PASSWORD.encode(), framed=True), "BadAnswer"),
            "too large": (answer(200, chunks, body=chunked(self.page * 10000), framed=True), "BadAnswer"),
            "not HTTP": (then_close(f"220 {self.all}\r\n".encode()), "BadAnswer"),
            "bad status": (then_close(f"HTTP/1.1 {self.all}\r\n\r\n".encode()), "BadAnswer"),
            "cut short": (then_close(answer(200)[:-1]), "BadAnswer"),
            "cut in the headers": (then_close(answer(200)[:300]), "BadAnswer"),
            "no answer": (then_close(b""), "ConnectError"),
            "time-out": (then_silence(answer(200, body=yes)[:-1]), "Timeout"),
        }


PROGRAM = """
import json, logging, pickle, pprint, traceback, warnings
from zuora_connect import errors

logging.basicConfig(level=logging.DEBUG, stream=sys.stdout)
warnings.simplefilter("always")
heard = []
sys.addaudithook(lambda event, arguments: heard.append(repr((event, arguments))))
secret = {what: "-".join(["mAr" + "KeR", what]) for what in ("user", "password", "bearer", "proxy")}

def show(thing):
    print(repr(thing), str(thing), f"{thing}", ascii(thing), pprint.pformat(thing), thing._repr_html_())
    print({**thing}, thing | {}, thing.copy(), [*thing.values()], vars(thing))

def report(error):
    traceback.print_exception(error)
    print(repr(error), vars(error), error.args, error.hint, error.__notes__, pickle.dumps(error))
    while error is not None:
        frames = [at for at in traceback.walk_tb(error.__traceback__) if "zuora_connect" in at[0].f_globals["__name__"]]
        print(*traceback.StackSummary.extract(frames, capture_locals=True).format())
        error = error.__context__

from client import login

for name, url, proxy, ca_file in json.loads(sys.argv[1]):
    outcome = "Connection"
    proxy = proxy.replace("PROXY", secret["proxy"])
    try:
        zuora = login(url, username=secret["user"], password=secret["password"], proxy=proxy, ca_file=ca_file,
                      authorization="Bearer " + secret["bearer"], retries=1, timeout=1, check=False)
        show(zuora)
        zuora.check()
    except errors.ZuoraError as error:
        outcome = type(error).__name__
        report(error)
    print("outcome", outcome, name)

print(heard, sys.argv)
with open("/proc/self/cmdline") as command_line:
    print(command_line.read())
"""


@dataclass
class Meeting:
    """What the program is to meet: where, by which proxy, and what it is to make of it."""

    name: str
    outcome: str
    url: str
    proxy: str = ""


def output_of(meetings: list[Meeting], ca_file: Path) -> str:
    """All that the program says; each of its outcomes is the expected one."""
    arguments = [[meeting.name, meeting.url, meeting.proxy, str(ca_file)] for meeting in meetings]
    child = run_python(PROGRAM, json.dumps(arguments), timeout=60)
    said = [line for line in child.stdout.splitlines() if line.startswith("outcome ")]
    assert said == [f"outcome {meeting.outcome} {meeting.name}" for meeting in meetings], child.stderr
    return child.stdout + child.stderr


def assert_clean(output: str) -> None:
    """Neither a secret nor one as a header of HTTP spells it; the message names the line that holds it."""
    tokens = [b64encode(f"user:{secret}".encode()).decode().rstrip("=") for secret in SECRETS]
    lines = [line for line in output.splitlines() if any(trace in line for trace in [MARKER, "mArKe%52", *tokens])]
    assert not lines, "\n".join(lines)


def test_no_outcome_shows_a_secret_that_the_server_quotes(serve: Serve, ca_file: Path) -> None:
    answers = Quoter(USER, PASSWORD, BEARER, COOKIE).answers()
    meetings = [Meeting(name, wanted, serve(action).url) for name, (action, wanted) in answers.items()]
    output = output_of(meetings, ca_file)
    assert "***" in output and "DEBUG:zuora_connect" in output and "('import', ('" in output
    assert_clean(output)


def test_no_outcome_behind_a_proxy_shows_a_secret(serve: Serve, tls: ssl.SSLContext, ca_file: Path) -> None:
    meetings = []
    for name, (action, wanted) in Quoter(*SECRETS).answers().items():
        server = serve(action, tls=tls)
        proxy = serve(tunnel_to(server.port))
        meetings.append(Meeting(name, wanted, server.url, f"http://user:PROXY@{LOOPBACK}:{proxy.port}"))
    assert_clean(output_of(meetings, ca_file))


def test_no_failure_of_tls_or_of_a_proxy_shows_a_secret(
    serve: Serve, ca: trustme.CA, tls: ssl.SSLContext, ca_file: Path
) -> None:
    quoter = Quoter(*SECRETS)
    zuora = serve(quoter.answer(200, body=quoter.says(True)), tls=tls)
    other = serve(session(), tls=tls_context(ca, f"{PASSWORD}.example"))
    plain = serve(serve=lambda peer: peer.send(f"220 {quoter.all}\r\n".encode()))
    refusing = serve(quoter.answer(407, f'Proxy-Authenticate: Basic realm="{quoter.all}"'))
    forbidding = serve(quoter.answer(403))
    tunnel = serve(tunnel_to(zuora.port))
    secure = serve(tunnel_to(zuora.port), tls=tls)
    dead = serve(then_close(b""))
    gone = serve(serve=lambda peer: peer.close())
    users: list[bytes] = []
    socks = serve(serve=socks5_to(zuora.port, [], users))

    def by(scheme: str, proxy: Server) -> str:
        return f"{scheme}://user:PROXY@{LOOPBACK}:{proxy.port}"

    meetings = [
        Meeting("another host's certificate", "TLSError", other.url),
        Meeting("no TLS", "TLSError", f"https://{LOOPBACK}:{plain.port}"),
        Meeting("nobody there", "ConnectError", "https://127.0.0.1:1"),
        Meeting("by a tunnel", "Connection", zuora.url, by("http", tunnel)),
        Meeting("by a secure tunnel", "Connection", zuora.url, by("https", secure)),
        Meeting("by socks", "Connection", zuora.url, by("socks5h", socks)),
        Meeting("407", "ConnectError", "https://zuora.test", by("http", refusing)),
        Meeting("403 of the proxy", "ConnectError", "https://zuora.test", by("http", forbidding)),
        Meeting("proxy that dies", "ConnectError", "https://zuora.test", by("http", dead)),
        Meeting("socks that dies", "ConnectError", "https://zuora.test", by("socks5h", gone)),
        Meeting("proxy without TLS", "TLSError", "https://zuora.test", by("https", plain)),
        Meeting("no proxy there", "ConnectError", "https://zuora.test", "http://user:PROXY@127.0.0.1:1"),
    ]
    assert_clean(output_of(meetings, ca_file))
    assert users == [f"user:{PROXY}".encode()]


def test_the_search_sees_each_form_of_a_secret() -> None:
    for trace in [PASSWORD, quote(PASSWORD).replace("R", "%52"), b64encode(f"user:{PROXY}".encode()).decode()]:
        with pytest.raises(AssertionError):
            assert_clean(f"one line\n< Header: {trace}\nanother")
