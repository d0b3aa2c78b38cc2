from os import PathLike
from typing import Final, Literal, TypedDict

VERSION: Final[str]

class _Reason(TypedDict):
    code: int | str
    message: str

class _RateLimit(TypedDict):
    limit: int | None
    remaining: int | None
    reset: int | None
    policy: str | None

class _Answer(TypedDict):
    success: bool
    processId: str | None
    reasons: list[_Reason]
    sessionCookie: str | None
    rateLimit: _RateLimit
    retryAfter: float | None
    requestId: str | None
    trackId: str | None
    status: int
    headers: dict[str, str]

class _Store(TypedDict):
    kind: Literal["directory", "bundle"]
    path: str

class _BuildInfo(TypedDict):
    package: str
    libcurl: str
    tls: str
    cjson: str
    wipes_libcurl: bool
    ca_stores: list[_Store]

def request(
    username: str,
    password: str,
    base_url: str,
    entity_id: str | None,
    entity_name: str | None,
    entity_ids: str | None,
    track_id: str | None,
    authorization: str | None,
    idempotency_key: str | None,
    ca_file: str | PathLike[str] | None,
    ca_dir: str | PathLike[str] | None,
    client_cert: str | PathLike[str] | None,
    client_key: str | PathLike[str] | None,
    client_key_password: str | None,
    proxy: str | None,
    timeout: float,
    connect_timeout: float,
    /,
) -> tuple[object, str, str, int, int]: ...
def forget(request: object, /) -> None: ...
def connections(request: object, timeout_ms: int, connect_timeout_ms: int, ca_file: str | None, /) -> _Answer: ...
def build_info() -> _BuildInfo: ...
