"""What a test may see of a request: nothing that is called a secret, no password, nothing like a token."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from urllib.parse import quote, quote_plus

MASK = "***"

_NAMES = "accesskey|apikey|authenti|authoriz|cookie|credential|passphrase|passw|secret|session|signature|token"
_SECRET_NAME = re.compile(_NAMES)
_SCHEMES = ("basic", "bearer", "digest", "negotiate")
_SPELLINGS: tuple[Callable[[str], str], ...] = (
    str,
    quote,
    quote_plus,
    lambda text: json.dumps(text)[1:-1],
    lambda text: text.encode(errors="surrogateescape").decode("latin-1"),  # of a path
)
_LEAST = 4  # a shorter password would mask half of a text
_TOKEN = re.compile(r"[\w.~%+-]{64,}=*", re.ASCII)
_PAIRS = (
    re.compile(r'("([^"\\]{1,80})"\s*:\s*)("(?:[^"\\]|\\.)*"?|[^\s,}\]]+)'),  # of lines of JSON
    re.compile(r"((?:^|(?<=[&?;\s]))([^&?;=\s]{1,80})=)([^&;\s]*)"),  # of a form or a query
    re.compile(r"(<([^<>/\s]{1,80})[^<>]*>)([^<]+)"),  # of XML
)


class Mask:
    """For the requests of a moment in which these are the passwords."""

    def __init__(self, passwords: Iterable[str]) -> None:
        known = {spelled(password) for password in passwords if len(password) >= _LEAST for spelled in _SPELLINGS}
        self._known = sorted(known, key=len, reverse=True)

    def wherever(self, text: str) -> str:
        """Any text: without passwords, and what looks like a token."""
        for secret in self._known:
            text = text.replace(secret, MASK)
        return _TOKEN.sub(MASK, text)

    def header(self, name: str, value: str) -> str:
        """`name` in lower case. Of an authorization its scheme is shown, of cookies their names."""
        if name == "cookie":
            return "; ".join(f"{pair.partition('=')[0].strip()}={MASK}" for pair in value.split(";"))
        if not _is_secret(name):
            return self.wherever(value)
        scheme, blank, _ = value.partition(" ")
        return f"{scheme} {MASK}" if blank and scheme.lower() in _SCHEMES else MASK

    def fields(self, text: str) -> str:
        """A query or a body. JSON in which something is masked is written anew."""
        try:
            value = json.loads(text)
        except (ValueError, RecursionError):
            for pair in _PAIRS:
                text = pair.sub(_masked_pair, text)
        else:
            masked = _masked_values(value)
            text = text if masked == value else json.dumps(masked)
        return self.wherever(text)


def _masked_values(value: object) -> object:
    if isinstance(value, dict):
        return {name: MASK if _is_secret(name) else _masked_values(inner) for name, inner in value.items()}
    return [_masked_values(inner) for inner in value] if isinstance(value, list) else value


def _masked_pair(found: re.Match[str]) -> str:
    before, name, value = found.groups()
    if not _is_secret(name):
        return found[0]
    return before + (f'"{MASK}"' if value.startswith('"') else MASK)


def _is_secret(name: str) -> bool:
    return _SECRET_NAME.search(re.sub("[-_ .]", "", name).lower()) is not None
