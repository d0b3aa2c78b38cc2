"""What the calls of the generated client share: a configuration. Connections are kept by the library itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Self

from zuora_connect.compat._absent import Closed
from zuora_connect.compat.configuration import Configuration

_HEADERS = "a login sends no headers but its own; delete the line, and give the call what it has an argument for"
_COOKIE = "a login sends none; give the session, `.connection.cookies` of its result, to the client that goes on"
_POOL = "each call with async_req=True has a thread of its own; delete the line, and bound them where they begin"
_ONE_CALL = "there is the login alone; for other calls give its session, `.connection.cookies`, to an HTTP client"


class ApiClient(Closed):
    """Holds the configuration of its calls; without one, a new Configuration().

    Headers, a cookie and a size of a pool cannot be given: TypeError for an argument, AttributeError for an attribute,
    which say what to do. In a `with` statement it closes nothing.
    """

    absent: ClassVar[Mapping[str, str]] = {
        "call_api": _ONE_CALL,
        "cookie": _COOKIE,
        "default_headers": _HEADERS,
        "last_response": "no answer is kept; p_ost_connections_with_http_info() returns status and headers",
        "pool": _POOL,
        "request": _ONE_CALL,
        "rest_client": _ONE_CALL,
        "set_default_header": _HEADERS,
        "user_agent": _HEADERS,
    }

    __slots__ = ("configuration",)

    def __init__(
        self,
        configuration: Configuration | None = None,
        header_name: None = None,
        header_value: None = None,
        cookie: None = None,
        pool_threads: None = None,
    ) -> None:
        judged = (
            ("header_name, header_value", _HEADERS, header_name is not None or header_value is not None),
            ("cookie", _COOKIE, cookie is not None),
            ("pool_threads", _POOL, pool_threads is not None),
        )
        del header_name, header_value, cookie, pool_threads
        for names, instead, is_given in judged:
            if is_given:
                raise TypeError(f"{names}: {instead}")
        self.configuration = Configuration() if configuration is None else configuration

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass
