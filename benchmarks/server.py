"""An nginx of our own, over TLS on loopback, that answers `POST /v1/connections` as Zuora does.

It lives in one directory, with a throw-away CA, and touches no other nginx: `python server.py` runs one until Enter.
"""

import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import TracebackType

HOST = "127.0.0.1"
TLS_VERSIONS = ("TLSv1.2", "TLSv1.3")
SYSTEM_BUNDLES = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/cert.pem",
)

DELAY_S = 0.05
COOKIE = "LBToVw72ZCAQLjdZ9Ksj8rx2BlP3Nbgm" * 8
ANSWER = f"""
      default_type application/json;
      add_header Set-Cookie "ZSession={COOKIE}; Path=/; Secure; HttpOnly";
      add_header RateLimit-Limit "2250000, 50000;w=60, 2250000;w=3600, 27000000;w=86400";
      add_header RateLimit-Remaining 49999;
      add_header RateLimit-Reset 60;
      add_header Zuora-Request-Id b1c2d3e4-1111-2222-3333-444455556666;
      return 200 '{{"success" : true}}';"""

CONFIG = """
worker_processes 1;
pid nginx.pid;
events { worker_connections 4096; }
http {
  access_log off;
  keepalive_requests 1000000000;
  client_body_temp_path temp; proxy_temp_path temp; fastcgi_temp_path temp; uwsgi_temp_path temp; scgi_temp_path temp;
  ssl_certificate server.pem;
  ssl_certificate_key server.key;
  ssl_session_cache shared:sessions:10m;
"""


DELAYED = f"""
    location = /delayed/v1/connections {{
      echo_sleep {DELAY_S};
      echo_exec @answer;
    }}
    location @answer {{{ANSWER}
    }}"""


def listener(tls: str, port: int, *locations: str) -> str:
    return f"""
  server {{
    listen {HOST}:{port} ssl;
    ssl_protocols {tls};
    location = /v1/connections {{{ANSWER}
    }}
    location = /close/v1/connections {{
      keepalive_timeout 0;{ANSWER}
    }}{"".join(locations)}
  }}
"""


def find_echo_module() -> Path | None:
    """The module of nginx's that can wait before it answers, if it is installed."""
    built = subprocess.run(["nginx", "-V"], capture_output=True, text=True, check=True)
    folder = re.search(r"--modules-path=(\S+)", built.stderr)
    module = Path(folder[1], "ngx_http_echo_module.so") if folder else None
    return module if module and module.exists() else None


class Server:
    """`with Server(directory) as server:` runs nginx there. `.bundle` and `.hashed` are the CA stores that know it.

    Both hold the system's certificates too, so that reading them costs what it costs in real life.
    """

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.bundle = directory / "bundle"
        self.hashed = directory / "hashed directory"
        self.stores = (self.bundle, self.hashed)
        self.echo_module = find_echo_module()
        self.ports = dict(zip(TLS_VERSIONS, free_ports(len(TLS_VERSIONS)), strict=True))

    def url(self, tls: str = "TLSv1.2", *, close: bool = False) -> str:
        """The base URL; with `close` the server hangs up after each answer."""
        return f"https://{HOST}:{self.ports[tls]}" + ("/close" if close else "")

    def delayed_url(self) -> str | None:
        """The base URL behind which each answer takes DELAY_S; None if this nginx cannot wait."""
        return f"{self.url()}/delayed" if self.echo_module else None

    def __enter__(self) -> "Server":
        make_certificates(self.directory)
        self.n_certificates = make_stores(self.directory / "ca.pem", self.bundle, self.hashed)
        load, more = (f"load_module {self.echo_module};", [DELAYED]) if self.echo_module else ("", [])
        listeners = [listener(tls, port, *more) for tls, port in self.ports.items()]
        (self.directory / "nginx.conf").write_text("".join([load, CONFIG, *listeners, "}\n"]))
        output("nginx", "-p", f"{self.directory}/", "-c", "nginx.conf", "-e", "error.log", cwd=self.directory)
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, at: TracebackType | None) -> None:
        pid_file = self.directory / "nginx.pid"
        os.kill(int(pid_file.read_text()), signal.SIGTERM)
        deadline = time.monotonic() + 10
        while pid_file.exists() and time.monotonic() < deadline:
            time.sleep(0.01)


def output(*command: str, cwd: Path) -> str:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)} ended with {done.returncode}:\n{done.stderr}")
    return done.stdout.strip()


def free_ports(n: int) -> list[int]:
    sockets = [socket.create_server((HOST, 0)) for _ in range(n)]
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


def make_certificates(directory: Path) -> None:
    """A CA and a certificate for the loopback address: ca.pem, server.pem, server.key."""

    def openssl(*arguments: str) -> None:
        output("openssl", *arguments, cwd=directory)

    key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
    openssl("req", "-x509", *key, "-days", "30", "-subj", "/CN=Benchmark CA", "-keyout", "ca.key", "-out", "ca.pem")
    openssl("req", *key, "-subj", "/CN=localhost", "-keyout", "server.key", "-out", "server.csr")
    (directory / "names").write_text(f"subjectAltName=DNS:localhost,IP:{HOST}\n")
    signed_by_ca = ("-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "30", "-extfile", "names")
    openssl("x509", "-req", "-in", "server.csr", *signed_by_ca, "-out", "server.pem")


def make_stores(ca: Path, bundle: Path, hashed: Path) -> int:
    """Writes `ca` and the system's certificates as a bundle and as a hashed directory, and counts them."""
    system = next((Path(each).read_text() for each in SYSTEM_BUNDLES if Path(each).exists()), "")
    pem = re.compile("-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----\n", re.DOTALL)
    certificates = pem.findall(ca.read_text() + system)
    bundle.write_text("".join(certificates))
    hashed.mkdir()
    for i, each in enumerate(certificates):
        (hashed / f"{i}.pem").write_text(each)
    output("openssl", "rehash", ".", cwd=hashed)
    return len(certificates)


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="zuora-bench-") as name, Server(Path(name)) as server:
        for tls in TLS_VERSIONS:
            print(f"{tls}: {server.url(tls)} and {server.url(tls, close=True)}")
        print(f"{server.bundle}\n{server.hashed}", flush=True)
        sys.stdin.readline()


if __name__ == "__main__":
    main()
