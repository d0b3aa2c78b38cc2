"""The CA stores that a login would try, in its order, as contexts of Python's ssl."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from importlib import import_module

import zuora_connect

TYPE_CHECKING = False
if TYPE_CHECKING:
    from zuora_connect._core import _Plan


@dataclass(frozen=True)
class Store:
    """`directory` and `bundle` are paths; one of them may be None."""

    directory: str | None
    bundle: str | None

    def __str__(self) -> str:
        return " and ".join(filter(None, (self.directory, self.bundle)))


def stores(plan: _Plan) -> list[Store]:
    """Those that an option or a profile names, alone; else this machine's, and last certifi's where it is installed."""
    if plan["ca_dir"] is not None or plan["ca_file"] is not None:
        return [Store(plan["ca_dir"], plan["ca_file"])]
    found: list[Store] = []
    for store in zuora_connect.build_info()["ca_stores"]:  # type: ignore[attr-defined]  # a list, see its docstring
        is_directory = store["kind"] == "directory"
        found.append(Store(store["path"] if is_directory else None, None if is_directory else store["path"]))
    try:
        return [*found, Store(None, str(import_module("certifi").where()))]
    except ImportError:
        return found


def context(*trusted: Store) -> ssl.SSLContext:
    """As the extension sets libcurl up: TLS 1.2 or newer, verified, and a CA of the store need not be a root."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    made.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    for store in trusted:
        made.load_verify_locations(store.bundle, store.directory)
    return made


def unverified() -> ssl.SSLContext:
    """To look at a chain that no store knows. Nothing is ever sent over what it makes."""
    made = context()
    made.check_hostname = False
    made.verify_mode = ssl.CERT_NONE
    return made
