"""What the choice of CA store costs: the first login of a process, and one more that makes a new connection.

The stores are named by SSL_CERT_DIR and SSL_CERT_FILE, so that the order in which several are tried is measured too.
"""

import random
import shutil
import statistics
from collections.abc import Iterator
from dataclasses import dataclass
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


@dataclass(frozen=True)
class Choice:
    name: str
    directory: Path | None
    bundle: Path | None

    @property
    def variables(self) -> dict[str, str]:
        places = {"SSL_CERT_DIR": self.directory, "SSL_CERT_FILE": self.bundle}
        return {name: str(path) for name, path in places.items() if path is not None}


def as_markdown(python: Python, server: Server, directory: Path, processes: int) -> str:
    """Rounds of all choices, shuffled, so that a slow minute of the machine meets them all alike."""
    command = python.script(TWO_KINDS.format(base_url=server.url(close=True)))
    seen: dict[Choice, list[list[float]]] = {choice: [] for choice in choices(server, directory)}
    for choice in (choice for _ in range(processes) for choice in random.sample(list(seen), len(seen))):
        environment = {**clean_environment(), **choice.variables}
        seen[choice].append([float(us) for us in read_child(command, environment).split()])
    lines = ["| CA store | first login of a process, in us | next new connection, in us |", "|---|---:|---:|"]
    for choice, pairs in seen.items():
        first, following = (statistics.median(column) for column in zip(*pairs, strict=True))
        lines.append(f"| {choice.name} | {first:.0f} | {following:.0f} |")
    return "\n".join(lines) + "\n"


def choices(server: Server, directory: Path) -> Iterator[Choice]:
    """Debian's directory holds its bundle too: that is what the last two are about."""
    knowing, ignorant = (directory / name for name in ("knows the server", "does not"))
    make_directory(server, knowing, knows=True)
    make_directory(server, ignorant, knows=False)
    yield Choice("hashed directory", server.hashed, None)
    yield Choice("bundle", None, server.bundle)
    yield Choice("both, apart", server.hashed, server.bundle)
    for name, place in (("both know the server", knowing), ("only the bundle does", ignorant)):
        yield Choice(f"both, the bundle in the directory; {name}", place, place / "bundle.crt")


def make_directory(server: Server, directory: Path, *, knows: bool) -> None:
    """A hashed directory with the bundle in it, which alone knows the server's CA if not `knows`."""
    directory.mkdir()
    ca = (server.directory / "ca.pem").read_text().strip()
    for certificate in server.hashed.glob("*.pem"):
        if knows or certificate.read_text().strip() != ca:
            shutil.copy(certificate, directory)
    shutil.copy(server.bundle, directory / "bundle.crt")
    output("openssl", "rehash", ".", cwd=directory)
