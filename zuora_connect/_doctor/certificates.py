"""A certificate chain as a server sent it, and what is wrong with it in plain words."""

from __future__ import annotations

import ssl
import time
from dataclasses import dataclass
from typing import Any

from zuora_connect._doctor.findings import Mask, StepFailed

MOST_CERTIFICATES = 10
MOST_NAMES = 50
SHOWN_NAMES = 6

# X509_V_ERR_... of OpenSSL's x509_vfy.h
EXPIRED, NOT_YET_VALID = 10, 9
OTHER_NAME = (62, 64)
ISSUER_UNKNOWN = (2, 18, 19, 20, 21)

_SHORT = {"commonName": "CN", "organizationName": "O", "organizationalUnitName": "OU", "countryName": "C"}


@dataclass(frozen=True)
class Certificate:
    """`ends` and `begins` are seconds since the epoch."""

    subject: str
    issuer: str
    begins: float
    ends: float
    names: tuple[str, ...]

    @property
    def is_self_signed(self) -> bool:
        """By its names; nobody here looks at the signature."""
        return self.subject == self.issuer

    def as_data(self) -> dict[str, Any]:
        return {
            "subject": self.subject,
            "issuer": self.issuer,
            "not_before": as_date(self.begins),
            "not_after": as_date(self.ends),
            "names": list(self.names),
        }

    def as_line(self) -> str:
        more = len(self.names) - SHOWN_NAMES
        names = ", ".join(self.names[:SHOWN_NAMES]) + (f" and {more} more" if more > 0 else "")
        return f"{self.subject}, by {self.issuer}, until {as_date(self.ends)[:10]}" + (
            f", for {names}" if names else ""
        )


def as_date(seconds: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


def read_chain(tls: ssl.SSLObject, mask: Mask) -> list[Certificate] | None:
    """The chain as it was sent, the server's own first. None where this Python cannot tell.

    Python has no public way to read a certificate that it did not verify, and none before 3.13 to the chain at all:
    this takes what CPython 3.11 to 3.13 have beneath SSLObject, and does without where that is missing.
    """
    beneath = getattr(tls, "_sslobj", None)
    get_chain = getattr(beneath, "get_unverified_chain", None)
    if get_chain is None:
        return None
    try:
        return [read(certificate.get_info(), mask) for certificate in (get_chain() or [])[:MOST_CERTIFICATES]]
    except (AttributeError, KeyError, ValueError, ssl.SSLError):
        return None


def read(info: dict[str, Any], mask: Mask) -> Certificate:
    names = tuple(mask.safe(str(value)) for _, value in info.get("subjectAltName", ())[:MOST_NAMES])
    begins, ends = (ssl.cert_time_to_seconds(info[key]) for key in ("notBefore", "notAfter"))
    return Certificate(named(info["subject"], mask), named(info["issuer"], mask), begins, ends, names)


def named(parts: tuple[tuple[tuple[str, str], ...], ...], mask: Mask) -> str:
    """A distinguished name on one line."""
    pairs = (pair for part in parts for pair in part)
    return mask.safe(", ".join(f"{_SHORT.get(key, key)}={value}" for key, value in pairs) or "(no name)")


def fault(
    error: ssl.SSLCertVerificationError, chain: list[Certificate] | None, host: str, is_zuora: bool
) -> StepFailed:
    """Why this chain is refused, and what to do. `is_zuora`: the host is one of Zuora's own."""
    number = error.verify_code
    if number in (EXPIRED, NOT_YET_VALID):
        return wrong_time(chain, number == EXPIRED)
    if number in OTHER_NAME:
        names = ", ".join(chain[0].names[:SHOWN_NAMES]) if chain else "other hosts"
        return StepFailed(
            f"the certificate is not for {host}, but for {names or 'no host at all'}",
            "Check the host of base_url or the environment. If it is right, something else answers in its place: a "
            "proxy, a captive portal, a wrong entry in a hosts file.",
        )
    if number in ISSUER_UNKNOWN:
        return unknown_issuer(chain, is_zuora)
    return StepFailed(
        f"the certificate is refused: {error.verify_message}", "Ask whoever runs the server, or this network, about it."
    )


def wrong_time(chain: list[Certificate] | None, is_over: bool) -> StepFailed:
    now = time.time()
    wrong = [one for one in chain or () if (one.ends < now if is_over else one.begins > now)]
    what = wrong[0].subject if wrong else "a certificate"
    when = f" since {as_date(wrong[0].ends)}" if wrong and is_over else ""
    until = f" before {as_date(wrong[0].begins)}" if wrong and not is_over else ""
    said = f"{what} has expired{when}" if is_over else f"{what} is not valid{until}"
    return StepFailed(
        said, f"Check this machine's clock ({as_date(now)} now). If it is right, the server needs another certificate."
    )


def unknown_issuer(chain: list[Certificate] | None, is_zuora: bool) -> StepFailed:
    reader = "a proxy or virus scanner that reads TLS on the way"
    if not chain:
        return StepFailed(
            "no CA store here knows the issuer of the certificate",
            f"If a private CA or {reader} is expected, give its certificate by --ca-file.",
        )
    last = chain[-1]
    if len(chain) == 1 and last.is_self_signed:
        said = f"the certificate is self-signed: {last.subject}"
        advice = "If the server is meant to have this one, give it by --ca-file; else something answers in its place."
    elif len(chain) == 1:
        said = f"the server sent its own certificate only, and no CA store here knows its issuer, {last.issuer}"
        advice = (
            "Either the server leaves out an intermediate certificate, which is for its administrator to mend, or "
            f"{last.issuer} is a private CA or {reader}: then give its certificate by --ca-file."
        )
    else:
        said = f"no CA store here knows {last.issuer}, where the chain ends"
        advice = (
            f"If that is a private CA or {reader}, get its certificate from whoever runs it and give it by --ca-file."
        )
    if is_zuora:
        advice += f" Zuora's own certificates come from public CAs: {reader} is likely, or an old CA store here."
    return StepFailed(said, advice)
