"""`zuora-connect environments`: list Zuora's data centers."""

from __future__ import annotations

import argparse
import json

from zuora_connect._command_line.output import LOGGED_IN, show
from zuora_connect._environments import ENVIRONMENTS, SDK_NAMES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from zuora_connect._command_line.output import Commands


def add(commands: Commands) -> None:
    parser = commands.add_parser(
        "environments",
        help="list the environments",
        description="List Zuora's environments.",
        argument_default=argparse.SUPPRESS,
        allow_abbrev=False,
    )
    parser.add_argument("--json", action="store_true", help="print one line of JSON")
    parser.set_defaults(run=list_them)


def list_them(options: dict[str, object]) -> int:
    show(as_json() if options["json"] else as_table())
    return LOGGED_IN


def rows() -> list[tuple[str, str | None, str]]:
    sdk_name = {slug: name for name, slug in SDK_NAMES.items()}
    return [(slug, sdk_name.get(slug), url) for slug, url in ENVIRONMENTS.items()]


def as_table() -> str:
    lines = [("environment", "SDK name", "base URL"), *rows()]
    return "\n".join(f"{slug:<14}{name or '':<10}{url}" for slug, name, url in lines)


def as_json() -> str:
    return json.dumps([{"environment": slug, "sdk_name": name, "base_url": url} for slug, name, url in rows()])
