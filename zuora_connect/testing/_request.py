"""What arrived at the sandbox, as tests may look at it: no password, token or session in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from zuora_connect._environments import ENVIRONMENTS
from zuora_connect.sandbox import _tenant

ASKED = "zuora-connect-"  # begins the headers by which the extension tells what it was asked for
MASK = "***"


@dataclass(frozen=True)
class Request:
    """One request to the sandbox, in the order of arrival.

    method, path, query: as in "GET", "/v1/accounts", "page=2"; query "" if there is none. headers: names in lower
    case; passwords, tokens and cookies are `***`. body: as it came, `***` if it asks for a token. username: who logs
    in, None in other calls.

    What `connect()` was asked for, and would have done outside of the test; all None in calls that are no login of
    this package:
    base_url: where the login would have gone. environment: the slug of that URL, None if it is no environment's.
    ca_file, ca_dir, client_cert, client_key: the files, which were not opened. proxy: the argument, or what the
    variables say (NO_PROXY is not applied); its password is `***`. pid: of the process that logs in.
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


def recorded(request: _tenant.Request) -> Request:
    """A request that came in, fit to be kept and shown."""
    headers = {name: value.decode(errors="replace") for name, value in request.headers.items()}
    asked = {name.removeprefix(ASKED): headers.pop(name) for name in list(headers) if name.startswith(ASKED)}
    base_url = asked.get("base-url")
    return Request(
        method=request.method,
        path=request.path,
        query=request.query,
        headers={name: _masked(name, value) for name, value in headers.items()},
        body=request.body if request.path != _tenant.TOKEN_PATH else MASK.encode(),
        username=headers.get("apiaccesskeyid"),
        base_url=base_url,
        environment=next((slug for slug, url in ENVIRONMENTS.items() if url == base_url), None),
        ca_file=asked.get("ca-file"),
        ca_dir=asked.get("ca-dir"),
        client_cert=asked.get("client-cert"),
        client_key=asked.get("client-key"),
        proxy=asked.get("proxy"),
        pid=int(asked["process"]) if "process" in asked else None,
    )


def _masked(name: str, value: str) -> str:
    if name in ("apiaccesskeyid", "apisecretaccesskey"):
        return MASK
    if name in ("authorization", "proxy-authorization"):
        scheme, blank, _ = value.partition(" ")
        return f"{scheme} {MASK}" if blank else MASK
    if name == "cookie":
        return "; ".join(f"{pair.partition('=')[0].strip()}={MASK}" for pair in value.split(";"))
    return value
