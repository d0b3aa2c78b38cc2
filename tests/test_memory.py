"""No header line with a secret is left in the memory of a process that has logged in: a text that only C forms.

`./dev test -rP tests/test_memory.py` prints how many copies other programs keep.
"""

from __future__ import annotations

import ssl
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from client import PRELUDE
from core_build import library_flags
from memory import count_copies, held_when_ready
from proxies import tunnel_to
from servers import LOOPBACK, Action, Server, http, session, then_close, then_silence

from zuora_connect import _core

Serve = Callable[..., Server]

MARKER = "mArKeR-of-the-secret"
LINES = [b"apiSecretAccessKey: mArKeR", b"Authorization: Bearer mArKeR"]
HERE = Path(__file__).parent
LOGINS = 3  # of different lengths

READY = """
print("ready", flush=True)
sys.stdin.read()
"""
LOG_IN = """
from client import login
from zuora_connect import errors
n, ca_file, secret, proxy, *urls = sys.argv[1:]
for url in urls:
    for i in range(1, int(n) + 1):
        try:
            end = "x" * i
            login(url, username="u" * i, password=secret + end, authorization=f"Bearer {secret}{end}",
                  ca_file=ca_file, proxy=proxy or None, timeout=0.3 if "silent" in url else 10)
        except errors.ZuoraError:
            pass
"""


def python(program: str, *arguments: str) -> list[str]:
    return [sys.executable, "-c", PRELUDE + program + READY, *arguments]


def copies_after(command: list[str]) -> list[int]:
    with held_when_ready(command) as pid:
        return [count_copies(pid, line) for line in LINES]


PLANT = {
    "held": "kept = ctypes.create_string_buffer(line)",
    "freed": """
libc = ctypes.CDLL(None)
libc.malloc.restype = ctypes.c_void_p
block = libc.malloc(200)
ctypes.memmove(block + 64, line, len(line))
libc.free(ctypes.c_void_p(block))
""",
}


@pytest.mark.parametrize("plant", PLANT.values(), ids=PLANT.keys())
def test_the_scan_finds_what_is_planted(plant: str) -> None:
    forms = 'import ctypes\nline = bytes(reversed(b"ReKrAm :yeKsseccAterceSipa"))\n'
    forgets = "\nctypes.memset(id(line) + bytes.__basicsize__ - 1, 0, len(line))"
    assert copies_after(python(forms + plant + forgets)) == [1, 0]


ENDS: dict[str, Action] = {
    "session": session(),
    "short session": session("short"),  # decrypted without a need for all of the registers that held the request
    "refusal": http(401, body=b'{"success": false, "reasons": []}'),
    "page": http(500, body=b"sorry"),
    "redirect": http(302, "Location: https://example.com/"),
    "cut short": then_close(session()[:-1]),
    "no answer": then_close(b""),
}


@pytest.mark.parametrize(
    ("scheme", "end"), [("http", "session"), ("http", "no answer"), *(("https", end) for end in ENDS)]
)
def test_no_line_with_a_secret_is_left_after_logins(
    serve: Serve, tls: ssl.SSLContext, ca_file: Path, scheme: str, end: str
) -> None:
    server = serve(ENDS[end], tls=tls if scheme == "https" else None)
    check = "from zuora_connect import build_info\nassert build_info()['wipes_libcurl']\n"
    assert copies_after(python(check + LOG_IN, str(LOGINS), str(ca_file), MARKER, "", server.url)) == [0, 0]
    assert len(server.requests) == LOGINS


def test_no_line_with_a_secret_is_left_after_a_time_out(serve: Serve, tls: ssl.SSLContext, ca_file: Path) -> None:
    server = serve(then_silence(session()[:-1]), tls=tls)
    assert copies_after(python(LOG_IN, "3", str(ca_file), MARKER, "", f"{server.url}/silent")) == [0, 0]
    assert len(server.requests) == 3


def test_no_line_with_a_secret_is_left_after_a_login_through_a_proxy(
    serve: Serve, tls: ssl.SSLContext, ca_file: Path
) -> None:
    server = serve(session(), tls=tls)
    proxy = f"http://user:{MARKER}@{LOOPBACK}:{serve(tunnel_to(server.port)).port}"
    assert copies_after(python(LOG_IN, "3", str(ca_file), MARKER, proxy, server.url)) == [0, 0]
    assert len(server.requests) == 3


@pytest.fixture(scope="session")
def bare_login(c_compiler: list[str], tmp_path_factory: pytest.TempPathFactory) -> str:
    program = str(tmp_path_factory.mktemp("bare") / "bare_login")
    flags = [*library_flags("--cflags", "ZUORA_CONNECT_CFLAGS"), *library_flags("--libs", "ZUORA_CONNECT_LIBS")]
    subprocess.run([*c_compiler, "-D_GNU_SOURCE", HERE / "bare_login.c", *flags, "-o", program], check=True)
    return program


# A wheel's libcurl is nobody else's.
CARRIES_ITS_OWN = b"libcurl.so" not in Path(_core.__file__).read_bytes()
# What a module such as pycurl does when it is imported.
INITIALISE = f"""
import ctypes
assert ctypes.CDLL("libcurl.so.4").curl_global_init(3) == 0
from zuora_connect import build_info
assert build_info()["wipes_libcurl"] is {CARRIES_ITS_OWN}
"""


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("n", [1, 10])
def test_where_another_module_was_first_only_libcurls_copies_are_left(
    serve: Serve, tls: ssl.SSLContext, ca_file: Path, bare_login: str, scheme: str, n: int
) -> None:
    server = serve(session(), tls=tls if scheme == "https" else None)
    login_url = f"{server.url}/v1/connections"
    [bare, _] = copies_after([bare_login, str(n), login_url, str(ca_file), MARKER])
    [late, _] = copies_after(python(INITIALISE + LOG_IN, str(n), str(ca_file), MARKER, "", server.url))
    print(f"{scheme}, {n} logins: {late} copies where another module initialised libcurl, {bare} in a bare C program")
    assert 0 < bare <= 3 * n, "three copies at most of each login"
    assert late == 0 if CARRIES_ITS_OWN else 0 < late <= 3 * n
