"""connect(): judges who, where and how long, before anything is sent.

Secrets are handed to the extension at once and leave the frame here: what goes on from here is an opaque request.
"""

import os
import sys
from time import monotonic

from zuora_connect import _core, _environments

TYPE_CHECKING = False
if TYPE_CHECKING:
    from os import PathLike

    from zuora_connect._connection import Connection


def connect(
    username: str | None = None,
    password: str | None = None,
    *,
    environment: str | None = None,
    base_url: str | None = None,
    entity_id: str | None = None,
    entity_name: str | None = None,
    entity_ids: str | None = None,
    track_id: str | None = None,
    authorization: str | None = None,
    idempotency_key: str | None = None,
    timeout: float = 30.0,
    connect_timeout: float = 10.0,
    retries: int = 2,
    check: bool = False,
    ca_file: "str | PathLike[str] | None" = None,
    ca_dir: "str | PathLike[str] | None" = None,
    client_cert: "str | PathLike[str] | None" = None,
    client_key: "str | PathLike[str] | None" = None,
    client_key_password: str | None = None,
    proxy: str | None = None,
) -> "Connection":
    """Log in to Zuora's REST API (`POST /v1/connections`) and return its answer, a dictionary that holds the session.

    Who and where:
      username, password: of an API user; default: the variables ZUORA_USERNAME and ZUORA_PASSWORD.
      environment: a key of `ENVIRONMENTS` ("us-2", "eu-sandbox") or the official SDK's name ("PROD"), in any case.
      base_url: instead of `environment`, an https URL with or without /v1; http only to this machine itself.
        Default of the two: the variable ZUORA_BASE_URL, then ZUORA_ENVIRONMENT, then https://rest.zuora.com.
      entity_id, entity_name, entity_ids: at most one, for a tenant with several entities. `entity_ids` is one id with
        its hyphens, `entity_id` the same without them (the older header).

    What is sent with it:
      track_id: comes back in the answer as `trackId`; Zuora takes at most 64 ASCII characters, none of `:;"'`.
      authorization: a whole `Authorization` header, "Bearer <token>".
      idempotency_key: at most 255 characters. Zuora repeats the first answer to a key for 24 hours, an old session too.

    How long, how often:
      timeout: seconds for the whole call with its retries and waits, at most 86400; default 30.
      connect_timeout: seconds for one try's name lookup, TCP, proxy and TLS; default 10.
      retries: tries after the first, 0 to 10; default 2. Tried again are a connection that failed before anything was
        sent, HTTP 429, 500, 502, 503, 504 and Zuora's own "try later", if the wait fits in `timeout`. A wrong password
        is sent once.
      check: True raises refusals, as `Connection.check()` does; default False.

    By which way:
      ca_file, ca_dir: CA certificates (PEM file, hashed directory) that replace the system's. Default: the stores that
        SSL_CERT_DIR and SSL_CERT_FILE name, then the system's, each in turn until one knows the server.
      client_cert, client_key, client_key_password: a certificate of the client's own (PEM); the key may be in its file.
      proxy: an http://, https:// or socks5h:// URL; "" for none; default: the environment's (HTTPS_PROXY, NO_PROXY).

    Returns a `Connection`, whether Zuora let the user in or not: look at its `success`, or call its `check()`.

    Raises, before anything is sent, ValueError or TypeError naming the argument; `errors.NoAnswer` if nothing usable
    came back (`ConnectError`, `TLSError`, `Timeout`, `BadAnswer`); `errors.Refused` if an answer says no by its HTTP
    status but is not in Zuora's form, or, with `check=True`, for every refusal.

    Zuora allows 100 logins a minute per IP address, failed ones included, and ends a session after the tenant's
    time-out (15 minutes by default) without a call: keep one for many calls. The user must be for the API only, and
    never log in to Zuora's pages. Sources: "Create a connection" and "Rate limits" of https://developer.zuora.com.
    """
    try:
        started = monotonic()
        if type(retries) is not int and (isinstance(retries, bool) or not isinstance(retries, int)):
            raise TypeError(f"retries: must be an int, not {type(retries).__name__}")
        if not 0 <= retries <= 10:
            raise ValueError("retries: must be from 0 to 10")
        if not isinstance(check, bool):
            raise TypeError(f"check: must be a bool, not {type(check).__name__}")
        if username is None:
            username = os.environ.get("ZUORA_USERNAME") or None
        if username is None:
            raise ValueError("username: is missing; give the argument, or set the variable ZUORA_USERNAME")
        if password is None:
            password = os.environ.get("ZUORA_PASSWORD") or None
        if password is None:
            raise ValueError("password: is missing; give the argument, or set the variable ZUORA_PASSWORD")
        if environment is not None and base_url is not None:
            raise ValueError("environment, base_url: give at most one of them")
        if environment is None and base_url is None:
            base_url = os.environ.get("ZUORA_BASE_URL") or None
            if base_url is None:
                environment = os.environ.get("ZUORA_ENVIRONMENT") or None
        if environment is not None:
            if not isinstance(environment, str):
                raise TypeError(f"environment: must be a str, not {type(environment).__name__}")
            base_url = _environments.url_of(environment)
            if base_url is None:
                near = ", ".join(_environments.nearest(environment))
                raise ValueError(f"environment: is none of zuora_connect.ENVIRONMENTS; the nearest: {near}")
        if base_url is None:
            base_url = _environments.DEFAULT_URL
        own_ca = ca_file is not None or ca_dir is not None
        outcome = _core.connections(
            username,
            password,
            base_url,
            entity_id,
            entity_name,
            entity_ids,
            track_id,
            authorization,
            idempotency_key,
            ca_file,
            ca_dir,
            client_cert,
            client_key,
            client_key_password,
            proxy,
            timeout,
            connect_timeout,
        )
    finally:  # an exception takes this frame along: nothing that could be a secret may stay in it
        username = password = environment = base_url = entity_id = entity_name = entity_ids = track_id = None
        authorization = idempotency_key = client_key_password = proxy = None
        ca_file = ca_dir = client_cert = client_key = None
    if isinstance(outcome, tuple):
        from zuora_connect._login import go_on

        try:
            connection = go_on(*outcome, started=started, retries=retries, own_ca=own_ca)
        finally:
            del outcome
        return connection.check() if check else connection
    if "logging" in sys.modules:
        from zuora_connect._log import log_try

        log_try(outcome.base_url, started, outcome)
    return outcome
