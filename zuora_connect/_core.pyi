from os import PathLike
from typing import Final, Literal, TypedDict

from zuora_connect._connection import Connection
from zuora_connect.errors import ZuoraError

VERSION: Final[str]

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

def connections(
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
) -> Connection | tuple[Connection | ZuoraError, object, str, int, int]: ...
def again(
    request: object, timeout_ms: int, connect_timeout_ms: int, ca_file: str | None, /
) -> Connection | ZuoraError: ...
def forget(request: object, /) -> None: ...
def build_info() -> _BuildInfo: ...
