"""`zuora-connect environments`: list Zuora's data centers."""

from __future__ import annotations

from zuora_connect._command_line.output import LOGGED_IN, show
from zuora_connect._environments import ENVIRONMENTS, SDK_NAMES

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser(
        "environments", help="list the environments", description="List Zuora's environments.", allow_abbrev=False
    )
    parser.set_defaults(run=list_them)


def list_them(_: dict[str, object]) -> int:
    show(as_table())
    return LOGGED_IN


def as_table() -> str:
    sdk_name = {slug: name for name, slug in SDK_NAMES.items()}
    rows = [("environment", "SDK name", "base URL")]
    rows += [(slug, sdk_name.get(slug, ""), url) for slug, url in ENVIRONMENTS.items()]
    return "\n".join(f"{slug:<14}{name:<10}{url}" for slug, name, url in rows)
