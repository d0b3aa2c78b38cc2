"""What arrived at the sandbox, as tests may look at it: no password, token or session in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from zuora_connect._environments import ENVIRONMENTS, is_same_place
from zuora_connect.sandbox import _tenant

from ._mask import MASK, Mask

_LONE_USER = re.compile("//[^/@:]+:?@")  # of a proxy that takes a token: a password would have its mask by now
ASKED = "zuora-connect-"  # begins the headers by which the extension tells what it was asked for


@dataclass(frozen=True)
class Request:
    """One request to the sandbox, in the order of arrival.

    method, path, query: as in "GET", "/v1/accounts", "page=2"; query "" if there is none. headers: names in lower
    case. body: bytes, `***` if it asks for a token. Wherever a name says so (password, secret, token, session, cookie,
    authorization, ...) the value is `***`, and so is all that follows it in a body that is neither JSON nor a form;
    likewise users' passwords, sessions, and what looks like a token, 48 characters or more in one piece. username: who
    logs in, None in other calls.

    What `connect()` was asked for, and would have done outside of the test; all None in calls that are no login of
    this package:
    base_url: where the login would have gone. environment: the slug of that place, None if it is no environment's.
    ca_file, ca_dir, client_cert, client_key: the files, which were not opened. proxy: the argument, or what the
    variables say (NO_PROXY is not applied); its password is `***`, or its user where it has none. pid: of the process
    that logs in.
    """

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes
    username: str | None = field(repr=False)
    base_url: str | None
    environment: str | None
    ca_file: str | None
    ca_dir: str | None
    client_cert: str | None
    client_key: str | None
    proxy: str | None
    pid: int | None


def recorded(request: _tenant.Request, secrets: Iterable[str]) -> Request:
    """A request that came in, fit to be kept and shown. `secrets`: besides the password that it has."""
    mask = Mask([*secrets, request.header("apisecretaccesskey")])
    headers = {name: value.decode(errors="replace") for name, value in request.headers.items()}
    asked = {name.removeprefix(ASKED): headers.pop(name) for name in list(headers) if name.startswith(ASKED)}
    base_url = asked.get("base-url")
    return Request(
        method=request.method,
        path=mask.query(request.path),
        query=mask.query(request.query),
        headers={name: mask.header(name, value) for name, value in headers.items()},
        body=_body(request, mask),
        username=headers.get("apiaccesskeyid"),
        base_url=base_url,
        environment=_environment(base_url) if base_url else None,
        ca_file=asked.get("ca-file"),
        ca_dir=asked.get("ca-dir"),
        client_cert=asked.get("client-cert"),
        client_key=asked.get("client-key"),
        proxy=_LONE_USER.sub(f"//{MASK}@", asked["proxy"]) if "proxy" in asked else None,
        pid=int(asked["process"]) if "process" in asked else None,
    )


def _body(request: _tenant.Request, mask: Mask) -> bytes:
    if request.path == _tenant.TOKEN_PATH:
        return MASK.encode()
    return mask.body(request.body.decode(errors="surrogateescape")).encode(errors="surrogateescape")


def _environment(base_url: str) -> str | None:
    return next((slug for slug, url in ENVIRONMENTS.items() if is_same_place(url, base_url)), None)
