"""TLS with the server: which CA store knows it, and if none does, what it sent and what is wrong with it."""

from __future__ import annotations

import ssl
from urllib.parse import urlsplit

from zuora_connect._doctor import certificates
from zuora_connect._doctor.certificates import Certificate
from zuora_connect._doctor.deadline import Deadline
from zuora_connect._doctor.findings import StepFailed, Told
from zuora_connect._doctor.stores import Store, context, stores, unverified
from zuora_connect._doctor.streams import Secured
from zuora_connect._doctor.way import Way
from zuora_connect._environments import ENVIRONMENTS

_NO_TLS = {"WRONG_VERSION_NUMBER", "HTTP_REQUEST", "PACKET_LENGTH_TOO_LONG", "UNKNOWN_PROTOCOL", "RECORD_TOO_SMALL"}
_OLD = {"UNSUPPORTED_PROTOCOL", "TLSV1_ALERT_PROTOCOL_VERSION", "NO_PROTOCOLS_AVAILABLE"}


def shake_hands(way: Way) -> Told:
    """Nothing but handshakes is sent, each on a connection of its own, as the extension does with its stores."""
    if not way.is_https:
        return Told("plain http, which is for this machine only", outcome="skipped")
    if not way.can_be_walked:
        return Told("not looked at through this proxy; the login looks by itself", outcome="skipped")
    deadline = Deadline(way.seconds)
    try:
        return verified(way, deadline)
    except TimeoutError:
        raise StepFailed(
            f"the handshake was not over within {deadline.seconds:g} s",
            "Something on the way swallows TLS: a firewall, a tunnel with too small a packet size, or a busy server.",
        ) from None
    except (ssl.SSLError, OSError) as error:
        raise no_handshake(error) from None


def verified(way: Way, deadline: Deadline) -> Told:
    tried: list[dict[str, str]] = []
    refusal: ssl.SSLCertVerificationError | None = None
    for store in stores(way.plan):
        try:
            context_of_store = context(store)
        except OSError as error:
            tried.append({"store": str(store), "problem": f"cannot be read: {error.strerror}"})
            continue
        add_own_certificate(context_of_store, way)
        try:
            tls, chain = handshake(way, deadline, context_of_store)
        except ssl.SSLCertVerificationError as error:
            tried.append({"store": str(store), "problem": error.verify_message})
            refusal = error
            if error.verify_code not in certificates.ISSUER_UNKNOWN:
                break
            continue
        return told(tls, chain, store, tried)
    if refusal is None:
        raise StepFailed(
            "no CA store here can be read", "Install the system's CA certificates, or name some by --ca-file."
        )
    tls, chain = handshake(way, deadline, unverified())
    is_zuora = way.host in {urlsplit(url).hostname for url in ENVIRONMENTS.values()}
    fault = certificates.fault(refusal, chain, way.host, is_zuora)
    fault.details = details(tls, chain, None, tried)
    fault.lines = as_lines(chain)
    raise fault


def add_own_certificate(made: ssl.SSLContext, way: Way) -> None:
    certificate = way.plan["client_cert"]
    if certificate is None:
        return
    try:
        made.load_cert_chain(certificate, way.plan["client_key"], password=way.plan["client_key_password"])
    except OSError:
        raise StepFailed(
            "the client's own certificate cannot be used",
            "Check that the key belongs to the certificate, and that it has no password but the profile's.",
        ) from None


def handshake(way: Way, deadline: Deadline, chosen: ssl.SSLContext) -> tuple[ssl.SSLObject, list[Certificate] | None]:
    stream = way.open(deadline)
    try:
        secured = Secured(stream, chosen, way.host)
        secured.shake_hands()
        return secured.tls, certificates.read_chain(secured.tls, way.mask)
    finally:
        stream.close()


def told(tls: ssl.SSLObject, chain: list[Certificate] | None, store: Store, tried: list[dict[str, str]]) -> Told:
    cipher = tls.cipher() or ("unknown",)
    said = f"{tls.version()}, {cipher[0]}; {store} knows the issuer"
    return Told(said, as_lines(chain), details(tls, chain, store, tried))


def as_lines(chain: list[Certificate] | None) -> tuple[str, ...]:
    if chain is None:
        return ("this Python cannot show the certificates",)
    return tuple(f"{place}. {certificate.as_line()}" for place, certificate in enumerate(chain, 1))


def details(
    tls: ssl.SSLObject, chain: list[Certificate] | None, store: Store | None, tried: list[dict[str, str]]
) -> dict[str, object]:
    """`tried` holds the stores that did not do, and why."""
    return {
        "version": tls.version(),
        "cipher": (tls.cipher() or (None,))[0],
        "chain": None if chain is None else [certificate.as_data() for certificate in chain],
        "store": store and str(store),
        "tried": tried,
    }


def no_handshake(error: OSError) -> StepFailed:
    reason = getattr(error, "reason", None) or ""
    if reason in _NO_TLS:
        return StepFailed(
            "what answers there does not speak TLS",
            "Check the port of base_url; a captive portal or a proxy may answer too.",
        )
    if reason in _OLD:
        return StepFailed(
            "the server has no version of TLS that is safe: 1.2 or newer is needed",
            "Check the host; if it is right, its administrator has to turn TLS 1.2 on.",
        )
    if isinstance(error, ssl.SSLError) and reason and "EOF" not in reason:
        words = reason.lower().replace("_", " ")
        return StepFailed(
            f"the handshake failed: {words}", "Ask whoever runs the server, or the proxy on the way, about it."
        )
    return StepFailed(
        "the connection was closed in the middle of the handshake",
        "A firewall or proxy that does not like this host does that; ask whoever runs the network.",
    )
