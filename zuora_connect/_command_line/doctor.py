"""`zuora-connect doctor`: walk the way of a login, say where it ends, how long each step took, and what to do next."""

from __future__ import annotations

import json
import sys

from zuora_connect import _core
from zuora_connect._command_line.login_options import PASSWORD_HELP, add_command, password_of
from zuora_connect._command_line.output import LOGGED_IN, NO_ANSWER, REFUSED, USAGE, complain, painted, show
from zuora_connect._text import printable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from zuora_connect._command_line.output import Commands
    from zuora_connect._doctor.findings import Finding

_EPILOG = f"""\
The steps: proxy, dns, tcp, tunnel (through the proxy), tls, login. Each before the login ends after --connect-timeout.
The login is made once, if all before it went well.
{PASSWORD_HELP}
Exit codes: 0 all is well, 1 refused, 2 wrong usage, 3 no answer."""
_COLOURS = {"ok": "green", "failed": "red", "skipped": "yellow"}
_INDENT = " " * 27


def add(commands: Commands) -> None:
    parser = add_command(
        commands,
        "doctor",
        examine,
        help="say at which step a login fails, and what to do next",
        description="Walk the way of a login, step by step, and then log in once.",
        epilog=_EPILOG,
        json_help="print one line of JSON at the end",
        retries=False,
    )
    parser.add_argument("--no-login", action="store_true", help="leave the login out; no password is needed")


def examine(options: dict[str, object]) -> int:
    from zuora_connect._doctor.walk import walk

    as_json = bool(options.pop("json", False))
    no_login = bool(options.pop("no_login", False))
    from_stdin = bool(options.pop("password_stdin", False))
    found: list[Finding] = []
    try:
        plan = _core.plan(**options)  # type: ignore[arg-type]
        ask = None if no_login else lambda: password_of({"password_stdin": from_stdin})
        if not as_json:
            show(printable(plan["url"]))
        for finding in walk(plan, options, ask):
            found.append(finding)
            if not as_json:
                show(as_text(finding))
    except (ValueError, TypeError) as error:
        complain(str(error))
        return USAGE
    if as_json:
        steps = [finding.as_data() for finding in found]
        show(json.dumps({"url": plan["url"], "ok": exit_code(found) == LOGGED_IN, "steps": steps}))
    return exit_code(found)


def exit_code(found: list[Finding]) -> int:
    failed = [finding for finding in found if finding.outcome == "failed"]
    if not failed:
        return LOGGED_IN
    return REFUSED if failed[0].is_refusal else NO_ANSWER


def as_text(finding: Finding) -> str:
    outcome = painted(f"{finding.outcome:8}", _COLOURS[finding.outcome], sys.stdout)
    ms = f"{finding.ms:7.0f} ms" if finding.outcome != "skipped" else " " * 10
    lines = [f"{outcome} {finding.step:6} {ms} {printable(finding.message)}"]
    lines += [_INDENT + printable(line) for line in finding.lines]
    if finding.next is not None:
        lines.append(_INDENT + painted("next: ", "bold", sys.stdout) + printable(finding.next))
    return "\n".join(lines)
