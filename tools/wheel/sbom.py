"""What the wheel holds beside our own code, as a bill of materials: CycloneDX 1.6 in JSON, from the pinned sources.

It is the same on every machine: its serial number is made of its content, and its date is that of the build.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import compiler
from sources import Source

NAME = "zuora-connect.cdx.json"


@dataclass(frozen=True)
class Library:
    """What the pins do not say of a source."""

    title: str
    vendor: str  # in a CPE
    product: str  # in a CPE
    licence: str  # by SPDX's list
    text: str  # the file of its source that holds the licence


LIBRARIES = {
    "openssl": Library("OpenSSL", "openssl", "openssl", "Apache-2.0", "LICENSE.txt"),
    "curl": Library("libcurl", "haxx", "libcurl", "curl", "COPYING"),
    "cjson": Library("cJSON", "davegamble", "cjson", "MIT", "LICENSE"),
}
LICENCE_OF_ALL = " AND ".join(dict.fromkeys(["MIT", *(library.licence for library in LIBRARIES.values())]))


def purl(source: Source, suite: str) -> str:
    """Debian's source package: upstream's archive together with the patches that mend it."""
    version = source.version.replace("+", "%2B").replace("~", "%7E")
    return f"pkg:deb/debian/{source.name}@{version}?arch=source&distro={suite}"


def patches(source: Source, suite: str) -> dict[str, object]:
    left_out = f", without {', '.join(source.left_out)}" if source.left_out else ""
    own = "".join(f"; {patch.name} of ours" for patch in source.own_patches)
    return {
        "ancestors": [{"type": "library", "name": source.name, "version": source.upstream}],
        "notes": f"upstream {source.upstream} with the patches of Debian {suite}'s {source.version}{left_out}{own}",
    }


def component(source: Source, suite: str) -> dict[str, object]:
    library = LIBRARIES[source.name]
    files = [{"type": "source-distribution", "url": name, "hashes": sha256(digest)} for name, digest in source.files]
    return {
        "type": "library",
        "bom-ref": source.name,
        "name": library.title,
        "version": source.upstream,
        "scope": "required",
        "hashes": sha256(source.files[0][1]),
        "licenses": [{"license": {"id": library.licence}}],
        "cpe": f"cpe:2.3:a:{library.vendor}:{library.product}:{source.upstream}:*:*:*:*:*:*:*",
        "purl": purl(source, suite),
        "externalReferences": files,
        "pedigree": patches(source, suite),
    }


def judged(source: Source) -> Iterator[dict[str, object]]:
    """What newer versions mend and a login does not reach."""
    for hole, reason in sorted(source.not_reached.items()):
        analysis = {"state": "not_affected", "justification": "code_not_reachable", "detail": reason}
        yield {"id": hole, "analysis": analysis, "affects": [{"ref": source.name}]}


def sha256(digest: str) -> list[dict[str, str]]:
    return [{"alg": "SHA-256", "content": digest}]


def make(version: str, suite: str, sources: Iterable[Source]) -> str:
    """-> the text of the bill for this version of the package."""
    sources = list(sources)
    parts = [component(source, suite) for source in sources]
    names = [part["bom-ref"] for part in parts]
    root = {
        "type": "library",
        "bom-ref": "zuora-connect",
        "name": "zuora-connect",
        "version": version,
        "licenses": [{"license": {"id": "MIT"}}],
        "purl": f"pkg:pypi/zuora-connect@{version}",
    }
    content = {
        "metadata": {
            "timestamp": datetime.fromtimestamp(int(compiler.EPOCH), UTC).isoformat(),
            "component": root,
        },
        "components": parts,
        "dependencies": [
            {"ref": "zuora-connect", "dependsOn": names},
            {"ref": "curl", "dependsOn": ["openssl"]},
            *({"ref": name} for name in names if name != "curl"),
        ],
        "vulnerabilities": [hole for source in sources for hole in judged(source)],
    }
    serial = uuid.uuid5(uuid.NAMESPACE_OID, json.dumps(content, sort_keys=True)).urn
    head = {"bomFormat": "CycloneDX", "specVersion": "1.6", "serialNumber": serial, "version": 1}
    return json.dumps(head | content, indent=2) + "\n"
