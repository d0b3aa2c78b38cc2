"""What a wheel says of itself: the metadata, the licences, the bill of materials, and that nothing else lies in it."""

from __future__ import annotations

import email
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path

import sbom
from steps import ROOT, Stop, run

PROJECT = ROOT / "pyproject.toml"
SCRIPTS = Path(sys.executable).parent


def project_version() -> str:
    """The one place in which the version stands."""
    table = tomllib.loads(PROJECT.read_text())
    return str(table["project"]["version"])


def said_by(name: str, *command: str | Path) -> Iterator[str]:
    try:
        run(*command)
    except Stop as stop:
        yield f"{name} says: {stop}"


def tool_faults(package: Path) -> Iterator[str]:
    yield from said_by("twine", SCRIPTS / "twine", "check", "--strict", package)
    if package.suffix == ".whl":
        yield from said_by("check-wheel-contents", SCRIPTS / "check-wheel-contents", "--config", PROJECT, package)


def bill_faults(text: str) -> Iterator[str]:
    """What CycloneDX's own schema says against it."""
    from cyclonedx.schema import SchemaVersion
    from cyclonedx.validation.json import JsonStrictValidator

    fault = JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)
    if fault is not None:
        yield f"its bill of materials is not CycloneDX 1.6: {fault}"


def faults(wheel: Path) -> Iterator[str]:
    """-> each promise that the wheel's dist-info breaks, as half a sentence."""
    version = project_version()
    info = f"zuora_connect-{version}.dist-info"
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        if f"{info}/METADATA" not in names:
            yield f"it is not of version {version}"
            return
        metadata = email.message_from_bytes(archive.read(f"{info}/METADATA"))
        of_parts = {f"{library.title}/{library.text}" for library in sbom.LIBRARIES.values()}
        for name in sorted(of_parts.union(metadata.get_all("License-File", []))):
            if f"{info}/licenses/{name}" not in names:
                yield f"the licence {name} is missing"
        if metadata["License-Expression"] != sbom.LICENCE_OF_ALL:
            yield f"its licence is called {metadata['License-Expression']} and not {sbom.LICENCE_OF_ALL}"
        if f"{info}/sboms/{sbom.NAME}" not in names:
            yield "its bill of materials is missing"
        else:
            yield from bill_faults(archive.read(f"{info}/sboms/{sbom.NAME}").decode())
    yield from tool_faults(wheel)
