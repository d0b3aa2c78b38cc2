"""What connect() returns: Zuora's answer as a dictionary, and the cookie as text that a repr does not show."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any, Literal, Self, SupportsIndex, TypedDict, overload

    from zuora_connect.errors import Reason, Refused

    class RateLimit(TypedDict):
        limit: int | None
        remaining: int | None
        reset: int | None
        policy: str | None


_COOKIE = "ZSession"

_SOURCES_OF_BASE_URL = ("argument", "variable ZUORA_BASE_URL", "variable ZUORA_ENVIRONMENT", "default")


def sources(origin: int) -> dict[str, str]:
    """Where who and where came from, out of the number that the extension makes of it (`zc_origin_number`)."""
    return {
        "username": "variable ZUORA_USERNAME" if origin & 1 else "argument",
        "password": "variable ZUORA_PASSWORD" if origin & 2 else "argument",
        "base_url": _SOURCES_OF_BASE_URL[origin >> 2],
    }


class SessionCookie(str):
    """A session, as text. Its `repr` is masked; `str()`, f-strings and `json.dumps` give the value.

    Its slices are as secret as the whole, and its one line is masked: pytest shows how two texts differ by these.
    """

    __slots__ = ()

    def __getitem__(self, key: "SupportsIndex | slice") -> "SessionCookie":
        return SessionCookie(super().__getitem__(key))

    def splitlines(self, keepends: bool = False) -> list[str]:
        return [repr(self)]

    def __repr__(self) -> str:
        return f"'{_COOKIE}=***'" if self.startswith(f"{_COOKIE}=") else "'***'"


class Connection(dict["str", "Any"]):
    """Zuora's answer to a login: a `dict` of JSON types that knows where the session belongs.

    Keys: success, processId, reasons, sessionCookie, rateLimit, retryAfter, requestId, trackId, status, headers. The
    session cookie is masked wherever the dictionary is shown; a pickle and `json.dumps` hold it.
    """

    base_url: str
    _entity: "str | None" = None  # as the login named it: no answer of Zuora's tells the entity
    _retryable = False
    _source: "int | dict[str, str]" = 0

    def __init__(self, answer: "Mapping[str, object]", *, base_url: str) -> None:
        super().__init__(answer)
        if type(self["sessionCookie"]) is str:  # a dictionary that the extension did not make
            self["sessionCookie"] = SessionCookie(self["sessionCookie"])
        self.base_url = base_url
        self._source = {}

    @property
    def source(self) -> dict[str, str]:
        """Where each value came from, by the name of its parameter: `username`, `password`, `base_url`, and what else a
        profile gave. Says "argument", "variable NAME", "profile NAME", "keyring", "prompt" or "default".
        """
        return sources(self._source) if isinstance(self._source, int) else dict(self._source)

    def url(self, path: str) -> str:
        """The address of `path` (such as "/v1/catalog/products") in the tenant's data center.

        Raises ValueError if `path` does not begin with a slash, TypeError if it is no str.
        """
        if not isinstance(path, str):
            raise TypeError(f"path: must be a str, not {type(path).__name__}")
        if not path.startswith("/"):
            raise ValueError("path: must begin with /")
        return self.base_url + path

    @property
    def cookies(self) -> dict[str, str]:
        """The session as `{"ZSession": value}`, the way requests, httpx and aiohttp take cookies.

        Raises what `.check()` raises if there is no session.
        """
        cookie = self["sessionCookie"]
        if cookie is None:
            raise self._refusal()
        return {_COOKIE: SessionCookie(cookie.removeprefix(f"{_COOKIE}="))}

    def check(self) -> "Self":
        """Return this connection if it is a session; raise the refusal (an `errors.Refused`) if it is not."""
        if not self["success"]:
            raise self._refusal()
        return self

    def copy(self) -> "Self":
        """A shallow copy, of the same type and with the same attributes."""
        twin = type(self).__new__(type(self))
        twin.update(self)
        twin.__dict__.update(self.__dict__)
        return twin

    def _refusal(self) -> "Refused":
        from zuora_connect.errors import RateLimited, ServerError, refusal_class

        status, reasons = self["status"], self["reasons"]
        said = "; ".join(f"{reason['code']} {reason['message']}".rstrip() for reason in reasons) or "no reason given"
        login_url = self.url("/v1/connections")
        host = login_url.split("/")[2]
        refusal = refusal_class(status, reasons)(
            f"Zuora refused the login at {host} (HTTP {status}): {said}",
            url=login_url,
            status=status,
            request_id=self["requestId"],
            retryable=self._retryable,
            connection=self,
            reasons=reasons,
        )
        if isinstance(refusal, RateLimited | ServerError):
            refusal.retry_after = self["retryAfter"]
        return refusal

    def _repr_html_(self) -> str:
        from zuora_connect._card import html

        return html(self)

    if TYPE_CHECKING:

        @overload
        def __getitem__(self, key: Literal["success"], /) -> bool: ...
        @overload
        def __getitem__(self, key: Literal["processId", "requestId", "trackId"], /) -> str | None: ...
        @overload
        def __getitem__(self, key: Literal["reasons"], /) -> list[Reason]: ...
        @overload
        def __getitem__(self, key: Literal["sessionCookie"], /) -> SessionCookie | None: ...
        @overload
        def __getitem__(self, key: Literal["rateLimit"], /) -> RateLimit: ...
        @overload
        def __getitem__(self, key: Literal["retryAfter"], /) -> float | None: ...
        @overload
        def __getitem__(self, key: Literal["status"], /) -> int: ...
        @overload
        def __getitem__(self, key: Literal["headers"], /) -> dict[str, str]: ...
        @overload
        def __getitem__(self, key: str, /) -> Any: ...
        def __getitem__(self, key: str, /) -> Any: ...
