"""What a wheel's dist-info holds beside what setuptools writes: its parts' licences, and the bill of materials.

The wheel is written anew in one order and with one date, so that the same tree gives the same bytes.
"""

from __future__ import annotations

import base64
import hashlib
import re
import time
import zipfile
from pathlib import Path

import compiler
import sbom
from sources import Source, unpack
from steps import Stop


def licences(sources: list[Source], files: Path) -> dict[str, bytes]:
    """-> of each part, the name under which its licence lies in dist-info/licenses, and its text."""
    found = {}
    for source in sources:
        library = sbom.LIBRARIES[source.name]
        found[f"{library.title}/{library.text}"] = (unpack(source, files) / library.text).read_bytes()
    return found


def with_licences(metadata: bytes, names: list[str]) -> bytes:
    """METADATA that names every licence (PEP 639)."""
    head, blank, body = metadata.decode().partition("\n\n")
    lines = re.sub(
        r"^License-Expression: .*$", f"License-Expression: {sbom.LICENCE_OF_ALL}", head, flags=re.MULTILINE
    ).split("\n")
    last = max(number for number, line in enumerate(lines) if line.startswith("License-File: "))
    lines[last + 1 : last + 1] = [f"License-File: {name}" for name in names]
    return f"{chr(10).join(lines)}{blank}{body}".encode()


def record(contents: dict[str, bytes], name: str) -> bytes:
    rows = []
    for path, content in contents.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
        rows.append(f"{path},sha256={digest},{len(content)}\n")
    return f"{''.join(rows)}{name},,\n".encode()


def write(wheel: Path, contents: dict[str, bytes]) -> None:
    date = time.gmtime(int(compiler.EPOCH))[:6]
    with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path, content in contents.items():
            entry = zipfile.ZipInfo(path, date)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = (0o100755 if path.endswith(".so") else 0o100644) << 16
            archive.writestr(entry, content)


def complete(wheel: Path, suite: str, sources: list[Source], files: Path) -> None:
    """Puts licences and bill of materials into a wheel that setuptools made."""
    with zipfile.ZipFile(wheel) as archive:
        contents = {name: archive.read(name) for name in sorted(archive.namelist()) if not name.endswith("/")}
    info = next((name.partition("/")[0] for name in contents if name.endswith(".dist-info/METADATA")), None)
    if info is None:
        raise Stop(f"{wheel.name} has no METADATA")
    version = info.removesuffix(".dist-info").rpartition("-")[2]
    texts = licences(sources, files)
    contents[f"{info}/METADATA"] = with_licences(contents[f"{info}/METADATA"], list(texts))
    contents |= {f"{info}/licenses/{name}": text for name, text in texts.items()}
    contents[f"{info}/sboms/{sbom.NAME}"] = sbom.make(version, suite, sources).encode()
    del contents[f"{info}/RECORD"]
    contents[f"{info}/RECORD"] = record(contents, f"{info}/RECORD")
    write(wheel, contents)
