"""What `./dev wheel --test` says of the wheel that is installed here."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path

import zuora_connect._core

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Wheel:
    path: Path
    versions: dict[str, str]  # of libcurl, OpenSSL and cJSON, as pinned
    tools: Path  # where abi3audit and auditwheel are
    extension: Path  # as installed


def read() -> Wheel:
    facts = json.loads(Path("wheel.json").read_text())
    extension = Path(zuora_connect._core.__file__)
    assert extension.is_relative_to(sys.prefix), "something else than the wheel is tested"
    return Wheel(Path(facts["wheel"]), facts["versions"], Path(facts["tools"]), extension)


WHEEL = read()
