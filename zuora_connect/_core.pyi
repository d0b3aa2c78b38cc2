from collections.abc import Callable
from os import PathLike
from typing import Final, Literal, TypedDict

from zuora_connect._connection import Connection
from zuora_connect.errors import ZuoraError

VERSION: Final[str]

class _Store(TypedDict):
    kind: Literal["directory", "bundle"]
    path: str

class _Plan(TypedDict):
    url: str
    proxy: str
    no_proxy: str
    ca_file: str | None
    ca_dir: str | None
    client_cert: str | None
    client_key: str | None
    client_key_password: Callable[[], str]
    source: dict[str, str]
    timeout: float
    connect_timeout: float

class _BuildInfo(TypedDict):
    package: str
    libcurl: str
    tls: str
    cjson: str
    wipes_libcurl: bool
    ca_stores: list[_Store]

def connect(
    username: str | None = None,
    password: str | None = None,
    *,
    environment: str | None = None,
    base_url: str | None = None,
    profile: str | None = None,
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
    ca_file: str | PathLike[str] | None = None,
    ca_dir: str | PathLike[str] | None = None,
    client_cert: str | PathLike[str] | None = None,
    client_key: str | PathLike[str] | None = None,
    client_key_password: str | None = None,
    proxy: str | None = None,
) -> Connection: ...

connect_apart = connect
login = connect
ask = connect
login_and_save = connect

def plan(
    username: str | None = None,
    password: str | None = None,
    *,
    environment: str | None = None,
    base_url: str | None = None,
    profile: str | None = None,
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
    ca_file: str | PathLike[str] | None = None,
    ca_dir: str | PathLike[str] | None = None,
    client_cert: str | PathLike[str] | None = None,
    client_key: str | PathLike[str] | None = None,
    client_key_password: str | None = None,
    proxy: str | None = None,
) -> _Plan: ...
def again(
    request: object, timeout_ms: int, connect_timeout_ms: int, ca_file: str | None, /
) -> Connection | ZuoraError: ...
def divert(to: str | None, /) -> str | None: ...
def sandbox_ca_file() -> str | None: ...
def build_info() -> _BuildInfo: ...
