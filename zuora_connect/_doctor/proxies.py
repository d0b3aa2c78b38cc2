"""Which proxy a login goes through, and who said so. The choice itself is the extension's; see csrc/core/proxy.c."""

from __future__ import annotations

import os
import re
from base64 import b64encode
from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from urllib.parse import unquote, unquote_to_bytes, urlsplit

from zuora_connect._doctor.findings import StepFailed

VARIABLES = ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY")
DEFAULT_PORTS = {"https": 443}
DEFAULT_PORT = 1080  # libcurl's, of all kinds but https
WALKED = ("http", "https", "socks5h")


@dataclass(frozen=True)
class Proxy:
    """`source` is `--proxy`, `profile NAME` or the name of a variable. User and password are never shown."""

    kind: str
    host: str
    port: int
    user: bytes
    password: bytes
    source: str

    @property
    def address(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.kind}://{host}:{self.port}"

    @property
    def basic(self) -> str:
        """RFC 7617."""
        return b64encode(self.user + b":" + self.password).decode()


def read(url: str, named_by: str | None) -> Proxy:
    """`url` is what the extension took, so that libcurl can read it. Raises StepFailed where Python cannot.

    `named_by` is an option or a profile; None: a variable.
    """
    source = named_by or next(name for name in VARIABLES if os.environ.get(name))
    try:  # what it raises may hold the whole URL
        parts = urlsplit(url if "://" in url else f"http://{url}")
        kind = parts.scheme.lower()
        port = parts.port or DEFAULT_PORTS.get(kind, DEFAULT_PORT)
        host = parts.hostname or ""
    except ValueError:
        parts, host = urlsplit(""), ""
    if not host:
        raise StepFailed(f"{source} is not the URL of a proxy", f"Write {source} as http://host:port.")
    user, password = (unquote_to_bytes(os.fsencode(part or "")) for part in (parts.username, parts.password))
    return Proxy(kind, host, port, user, password, source)


def secrets_of(url: str) -> tuple[str, ...]:
    """What a proxy, or whoever answers in its place, may quote of its own URL."""
    user_info = url.rpartition("@")[0].rpartition("://")[2]
    password = user_info.partition(":")[2]
    basic = b64encode(unquote(user_info).encode(errors="replace")).decode()
    return tuple(filter(None, (password, unquote(password), user_info and basic)))


def is_exempt(host: str, no_proxy: str) -> bool:
    """Does no_proxy name this host? By libcurl's rules: a domain and what is below it, an address or network, or *."""
    if no_proxy.strip() == "*":
        return True
    entries = re.split(r"[\s,]+", no_proxy)
    try:
        address = ip_address(host)
    except ValueError:
        names = (entry.strip(".").lower() for entry in entries)
        return any(name and (host == name or host.endswith(f".{name}")) for name in names)
    return any(address in network for network in map(as_network, entries) if network is not None)


def as_network(entry: str):  # type: ignore[no-untyped-def]  # IPv4Network | IPv6Network | None, which have no common name
    try:
        return ip_network(entry.strip("[]"), strict=False)
    except ValueError:
        return None
