"""What is installed beside the package: the bill of materials and the licences of what the wheel carries."""

from __future__ import annotations

import json
from importlib.metadata import distribution
from pathlib import Path

from built import WHEEL

DISTRIBUTION = distribution("zuora-connect")
INFO = Path(str(DISTRIBUTION.locate_file(f"zuora_connect-{DISTRIBUTION.version}.dist-info")))


def test_bill_of_materials_says_what_runs_here() -> None:
    bill = json.loads((INFO / "sboms/zuora-connect.cdx.json").read_text())
    assert bill["metadata"]["component"]["version"] == DISTRIBUTION.version
    assert {part["bom-ref"]: part["version"] for part in bill["components"]} == WHEEL.versions


def test_licences_of_all_parts_are_there() -> None:
    named = DISTRIBUTION.metadata.get_all("License-File") or []
    assert {name.partition("/")[0] for name in named} == {"LICENSE", "OpenSSL", "libcurl", "cJSON"}
    for name in named:
        assert len((INFO / "licenses" / name).read_text()) > 500
    assert DISTRIBUTION.metadata["License-Expression"] == "MIT AND Apache-2.0 AND curl"
