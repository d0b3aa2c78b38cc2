"""What the choice of CA store costs: the first login of a process, and one more that makes a new connection.

The stores are named by SSL_CERT_DIR and SSL_CERT_FILE, so that the order in which several are tried is measured too.
"""

import shutil
import statistics
from collections.abc import Iterator, Mapping
from pathlib import Path

from children import Python
from measure import clean_environment, read_child
from server import Server, output

NEW_CONNECTIONS = 20

TWO_KINDS = f"""
import statistics, time
import zuora_connect

def log_in():
    start = time.perf_counter_ns()
    zuora_connect.connect("user", "secret", base_url={{base_url!r}}, retries=0, check=True)
    return (time.perf_counter_ns() - start) / 1e3

print(log_in(), statistics.median(log_in() for _ in range({NEW_CONNECTIONS})))
"""


def as_markdown(python: Python, server: Server, directory: Path, processes: int) -> str:
    lines = ["| CA store | first login of a process, in us | next new connection, in us |", "|---|---:|---:|"]
    command = python.script(TWO_KINDS.format(base_url=server.url(close=True)))
    for name, variables in choices(server, directory):
        environment = {**clean_environment(), **{key: str(path) for key, path in variables.items()}}
        pairs = [[float(us) for us in read_child(command, environment).split()] for _ in range(processes)]
        first, following = (statistics.median(column) for column in zip(*pairs, strict=True))
        lines.append(f"| {name} | {first:.0f} | {following:.0f} |")
    return "\n".join(lines) + "\n"


def choices(server: Server, directory: Path) -> Iterator[tuple[str, Mapping[str, Path]]]:
    """Debian's directory holds its bundle too: that is what the last two are about."""
    knowing, ignorant = (directory / name for name in ("knows the server", "does not"))
    make_directory(server, knowing, knows=True)
    make_directory(server, ignorant, knows=False)
    yield "hashed directory", {"SSL_CERT_DIR": server.hashed}
    yield "bundle", {"SSL_CERT_FILE": server.bundle}
    yield "both, apart", {"SSL_CERT_DIR": server.hashed, "SSL_CERT_FILE": server.bundle}
    for name, place in (("both know the server", knowing), ("only the bundle does", ignorant)):
        variables = {"SSL_CERT_DIR": place, "SSL_CERT_FILE": place / "bundle.crt"}
        yield f"both, the bundle in the directory; {name}", variables


def make_directory(server: Server, directory: Path, *, knows: bool) -> None:
    """A hashed directory with the bundle in it, which alone knows the server's CA if not `knows`."""
    directory.mkdir()
    ca = (server.directory / "ca.pem").read_text().strip()
    for certificate in server.hashed.glob("*.pem"):
        if knows or certificate.read_text().strip() != ca:
            shutil.copy(certificate, directory)
    shutil.copy(server.bundle, directory / "bundle.crt")
    output("openssl", "rehash", ".", cwd=directory)
