"""Everything that connect() raises about a login, and the one table that says which class a refusal is.

All are picklable and none holds a secret. The extension looks classes up here when it is imported: this file imports
nothing of ours.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypedDict, Unpack

    from zuora_connect._connection import Connection

    class Reason(TypedDict):
        code: int | str
        message: str

    class _Common(TypedDict, total=False):
        url: str | None
        status: int | None
        request_id: str | None
        retryable: bool
        hint: str | None


class ZuoraError(Exception):
    """A login did not work.

    `.url` is the login URL, `.status` the HTTP status and `.request_id` Zuora's own id of the answer (None if there was
    none), `.retryable` whether connect() would have tried again had it had retries left, `.hint` what to try next.
    """

    hint = "If it goes on, ask Zuora's support and quote the request id."

    def __init__(
        self,
        message: str = "",
        *,
        url: str | None = None,
        status: int | None = None,
        request_id: str | None = None,
        retryable: bool = False,
        hint: str | None = None,
    ) -> None:
        super().__init__(message)
        self.url = url
        self.status = status
        self.request_id = request_id
        self.retryable = retryable
        if hint is not None:
            self.hint = hint
        self.add_note(f"hint: {self.hint}")


class Refused(ZuoraError):
    """Zuora said no.

    `.connection` is the answer it came in (None if the answer was not in Zuora's form), `.reasons` Zuora's list of
    `{"code", "message"}`, `.code` the code of the first one or None.
    """

    hint = "Look the code up in Zuora's list of response codes, or ask Zuora's support and quote the request id."

    def __init__(
        self,
        message: str = "",
        *,
        connection: "Connection | None" = None,
        reasons: "list[Reason] | None" = None,
        **common: "Unpack[_Common]",
    ) -> None:
        super().__init__(message, **common)
        self.connection = connection
        self.reasons = [] if reasons is None else reasons
        self.code: int | str | None = self.reasons[0]["code"] if self.reasons else None


class AuthenticationError(Refused):
    """A wrong user name or password, an expired password, or the wrong data center: Zuora does not say which."""

    hint = (
        "Check user name and password, whether the password has expired or the user is locked, and whether environment "
        "or base_url is the tenant's own data center. The user must be for the API only: once it has logged in to "
        "Zuora's pages, its password can be made to expire."
    )


class AccessDenied(Refused):
    """The user may not do this, or a gateway in front of Zuora let nothing through (HTTP 403)."""

    hint = "Have the tenant's administrator give the user permission for the API; a 403 can also come from a gateway."


class EntityError(Refused):
    """The entity does not exist, or is not open to this user."""

    hint = (
        "Check which entities the user may log in to, and how the entity is written: entity_ids takes the id with its "
        "hyphens, entity_id without them."
    )


class RateLimited(Refused):
    """Too many calls, or too many at once. `.retry_after` is how many seconds to wait, or None."""

    hint = "Wait as long as retry_after says, and keep a session for many calls: an IP address has 100 logins a minute."

    def __init__(
        self,
        message: str = "",
        *,
        retry_after: float | None = None,
        connection: "Connection | None" = None,
        reasons: "list[Reason] | None" = None,
        **common: "Unpack[_Common]",
    ) -> None:
        super().__init__(message, connection=connection, reasons=reasons, **common)
        self.retry_after = retry_after


class ServerError(Refused):
    """Zuora, or a gateway in front of it, failed. `.retry_after` is how many seconds to wait, or None."""

    hint = "See Zuora's status page; if it goes on, ask Zuora's support and quote the request id."

    def __init__(
        self,
        message: str = "",
        *,
        retry_after: float | None = None,
        connection: "Connection | None" = None,
        reasons: "list[Reason] | None" = None,
        **common: "Unpack[_Common]",
    ) -> None:
        super().__init__(message, connection=connection, reasons=reasons, **common)
        self.retry_after = retry_after


class NoAnswer(ZuoraError):
    """Nothing usable came back: nobody knows whether Zuora accepted the login."""

    hint = "Check the host, the network and the proxy."


class ConnectError(NoAnswer, ConnectionError):
    """No connection, or one that ended before the first byte of an answer: name lookup, refused, reset, proxy."""

    hint = "Check the host of base_url, the network, and the proxy (the argument, or the environment's)."


class TLSError(NoAnswer):
    """The connection is not safe: certificate, host name or protocol version. Nothing was sent.

    `.issuer_unknown` says that the only fault was a certificate of an issuer that no CA store knows.
    """

    hint = (
        "Check the host of base_url, this machine's clock and its CA certificates; a private CA is named by ca_file or "
        "ca_dir."
    )

    def __init__(self, message: str = "", *, issuer_unknown: bool = False, **common: "Unpack[_Common]") -> None:
        super().__init__(message, **common)
        self.issuer_unknown = issuer_unknown


class Timeout(NoAnswer, TimeoutError):
    """Time ran out. `.phase` says during what: resolve, connect, proxy, tls, send, wait, read or backoff."""

    hint = "Allow more time: timeout is for the whole call, connect_timeout for one try's connection."

    def __init__(self, message: str = "", *, phase: str | None = None, **common: "Unpack[_Common]") -> None:
        super().__init__(message, **common)
        self.phase = phase


class BadAnswer(NoAnswer):
    """What came back is no answer of Zuora's login: a web page, a redirect, cut short, too large, without a cookie."""

    hint = "Check that environment or base_url names Zuora's REST API, and that nothing else answers in its place."


_BAD_ENTITY = 90000020


def category(reasons: "list[Reason]") -> int | None:
    """What kind of fault the first reason is, by its code: the last two digits of an eight-digit one, or a bare 70."""
    code = reasons[0]["code"] if reasons else None
    if not isinstance(code, int):
        return None
    if 10_000_000 <= code <= 99_999_999:
        return code % 100
    return 70 if code == 70 else None


def refusal_class(status: int, reasons: "list[Reason]") -> type[Refused]:
    """The class of the refusal that this HTTP status and these reasons make.

    The codes are those of https://developer.zuora.com/v1-api-reference/ (error handling).
    """
    kind = category(reasons)
    codes = [reason["code"] for reason in reasons]  # any() over a generator crashes CPython 3.13 where memory lacks
    if _BAD_ENTITY in codes:
        return EntityError
    if status == 429 or kind == 70:
        return RateLimited
    if 500 <= status <= 599 or kind in (50, 60, 61, 99):
        return ServerError
    if status == 401 or kind == 11:
        return AuthenticationError
    if status == 403 or kind == 10:
        return AccessDenied
    return Refused
