"""The way to the server, step by step: the proxy, names, TCP, the tunnel; then a fresh stream for every handshake."""

from __future__ import annotations

import os
import ssl
from urllib.parse import urlsplit

from zuora_connect._doctor import addresses, names, proxies, tunnels
from zuora_connect._doctor.deadline import Deadline
from zuora_connect._doctor.findings import Mask, StepFailed, Told
from zuora_connect._doctor.stores import context, stores
from zuora_connect._doctor.streams import Plain, Secured, Stream

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from zuora_connect._core import _Plan


class Way:
    """What is known of it so far. The steps are to be taken in the order in which they stand here."""

    def __init__(self, plan: _Plan, options: Mapping[str, object]) -> None:
        parts = urlsplit(plan["url"])
        self.is_https = parts.scheme == "https"
        self.host = as_ascii(parts.hostname or "")
        self.port = parts.port or (443 if self.is_https else 80)
        self.seconds = plan["connect_timeout"]
        self.mask = Mask(proxies.secrets_of(plan["proxy"]))
        self.plan = plan
        self._options = options
        self._proxy: proxies.Proxy | None = None
        self._addresses: list[str] = []

    @property
    def can_be_walked(self) -> bool:
        return self._proxy is None or self._proxy.kind in proxies.WALKED

    @property
    def _first(self) -> tuple[str, int]:
        """Host and port of the first hop."""
        return (self.host, self.port) if self._proxy is None else (self._proxy.host, self._proxy.port)

    def choose_proxy(self) -> Told:
        url = self.plan["proxy"]
        named_by = "--proxy" if self._options.get("proxy") is not None else self.plan["source"].get("proxy")
        if not url:
            return Told(none_because(named_by), details={"proxy": None, "source": named_by})
        proxy = proxies.read(url, named_by)
        details = {"proxy": proxy.address, "source": proxy.source, "has_user": bool(proxy.user)}
        if proxies.is_exempt(self.host, self.plan["no_proxy"]):
            said = f"none: no_proxy names {self.host}, so {proxy.address} of {proxy.source} is passed by"
            return Told(said, details=details | {"proxy": None})
        self._proxy = proxy
        user = ", with user name and password" if proxy.user else ""
        return Told(f"{proxy.address}, as {proxy.source} says{user}", details=details)

    def look_up(self) -> Told:
        host, _ = self._first
        answers = names.look_up(host, Deadline(self.seconds))
        self._addresses = [address for answer in answers for address in answer.addresses]
        lines = tuple(
            f"{answer.family}: {', '.join(answer.addresses) or answer.error} ({answer.ms:.0f} ms)" for answer in answers
        )
        details = {"host": host, "families": [answer.as_data() for answer in answers]}
        if not self._addresses:
            raise StepFailed(
                f"{host} has no address",
                "Check how the host is spelled, this machine's name server, and whether a VPN or a proxy is needed.",
                lines=lines,
                details=details,
            )
        return Told(f"{host} has {count(len(self._addresses), 'address', 'addresses')}", lines, details)

    def connect(self) -> Told:
        host, port = self._first
        attempts = addresses.try_all(self._addresses, port, Deadline(self.seconds))
        lines = tuple(f"{attempt.address}: {attempt.error or f'{attempt.ms:.0f} ms'}" for attempt in attempts)
        details = {"port": port, "attempts": [attempt.as_data() for attempt in attempts]}
        self._addresses = [attempt.address for attempt in attempts if attempt.error is None]
        if not self._addresses:
            raise StepFailed(
                f"no address of {host} takes connections on port {port}",
                "Check host and port, and whether a firewall stops it; from many networks the only way out is a "
                "proxy (--proxy, or the variable HTTPS_PROXY).",
                lines=lines,
                details=details,
            )
        answered = f"{len(self._addresses)} of {len(attempts)}" if len(attempts) > 1 else "it"
        return Told(f"port {port}: {answered} answered", lines, details)

    def pass_proxy(self) -> Told:
        if self._proxy is None:
            return Told("no proxy", outcome="skipped")
        if not self.can_be_walked:
            return Told(f"doctor does not speak {self._proxy.kind}; the login will", outcome="skipped")
        stream, said = self._open(Deadline(self.seconds))
        stream.close()
        return Told(said, details={"target": f"{self.host}:{self.port}"})

    def open(self, deadline: Deadline) -> Stream:
        """A stream to the server itself, on which nothing has been said. Raises StepFailed or OSError."""
        return self._open(deadline)[0]

    def _open(self, deadline: Deadline) -> tuple[Stream, str]:
        stream: Stream = Plain(self._addresses[0], self._first[1], deadline)
        try:
            if self._proxy is None:
                return stream, ""
            if self._proxy.kind == "https":
                stream = self._secure(stream, self._proxy)
            return stream, tunnels.pass_through(stream, self._proxy, self.host, self.port)
        except TimeoutError:
            stream.close()
            raise StepFailed(
                f"the proxy did not answer within {deadline.seconds:g} s",
                "Check that the proxy's port and kind are right, and try again; --connect-timeout allows more time.",
            ) from None
        except ConnectionError:
            stream.close()
            raise tunnels.not_this_kind(self._proxy) from None  # type: ignore[arg-type]  # without one nothing was said
        except BaseException:
            stream.close()
            raise

    def _secure(self, stream: Stream, proxy: proxies.Proxy) -> Stream:
        """TLS to the proxy itself, trusted as the server would be."""
        secured = Secured(stream, context(*stores(self.plan)), proxy.host)
        try:
            secured.shake_hands()
        except ssl.SSLError as error:
            reason = getattr(error, "verify_message", None) or "it speaks no TLS 1.2 or newer that is understood here"
            raise StepFailed(
                f"no TLS to the proxy {proxy.address}: {reason}",
                f"Check whether {proxy.source} should say http:// in place of https://; --ca-file names a private CA.",
            ) from None
        return secured


def none_because(named_by: str | None) -> str:
    if named_by is not None:
        return f"none, as {named_by} says"
    if any(os.environ.get(name) for name in proxies.VARIABLES):
        return "none: this machine itself is never reached through the environment's proxy"
    return "none: no variable names one"


def as_ascii(host: str) -> str:
    """An international name as it is looked up; one that cannot be is left to the lookup to refuse."""
    try:
        return host if host.isascii() else host.encode("idna").decode()
    except UnicodeError:
        return host


def count(n: int, one: str, many: str) -> str:
    return f"{n} {one if n == 1 else many}"
