"""What a test may see of a request: nothing that is called a secret, no password or session, nothing like a token."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from urllib.parse import quote, quote_plus, unquote_plus

MASK = "***"

_NAMES = "accesskey apikey authenti authoriz cookie credential jwt passphrase passw pwd secret session signature token"
_SECRET = re.compile(  # to the end of the word; with separators anywhere; and two that are parts of other words
    f"(?i:(?:{'|'.join('[-_ .]?'.join(name) for name in _NAMES.split())})[a-z]*)"
    "|(?<![A-Za-z])(?i:pass|pin)(?![A-Za-z])|(?<=[a-z])(?:Pass|Pin)(?![a-z])"
)
_SCHEMES = ("basic", "bearer", "digest", "negotiate")
_SPELLINGS: tuple[Callable[[str], str], ...] = (
    str,
    quote,
    quote_plus,
    lambda text: json.dumps(text)[1:-1],
    lambda text: text.encode(errors="surrogateescape").decode("latin-1"),  # of a path
)
_LEAST = 4  # a shorter password would mask half of a text
_TOKEN = re.compile(r"[\w.~%+-]{48,}=*", re.ASCII)
_FORM = re.compile(r"[^\s=&;<>{}\"]+=[^\s&;]*(?:[&;][^\s=&;]+(?:=[^\s&;]*)?)*")
_PAIR = re.compile(r"(?<![^&;])(=*[^=&;]+)=([^&;]*)")  # from its beginning only, or a long text takes minutes
_NAMES_OF_PAIRS = ("name", "key", "field")  # {"name": "password", "value": ...}


class Mask:
    """For the requests of a moment in which these are the passwords and sessions."""

    def __init__(self, secrets: Iterable[str]) -> None:
        known = {spelled(secret) for secret in secrets if len(secret) >= _LEAST for spelled in _SPELLINGS}
        self._known = sorted(known, key=len, reverse=True)

    def wherever(self, text: str) -> str:
        """Any text: without what is known to be secret, and what looks like a token."""
        for secret in self._known:
            text = text.replace(secret, MASK)
        return _TOKEN.sub(MASK, text)

    def header(self, name: str, value: str) -> str:
        """`name` in lower case. Of an authorization its scheme is shown, of cookies their names."""
        if name == "cookie":
            return "; ".join(_masked_cookie(pair) for pair in value.split(";"))
        if not _is_secret(name):
            return self.query(value)  # of an address, such as a Referer's
        scheme, blank, _ = value.partition(" ")
        return f"{scheme} {MASK}" if blank and scheme.lower() in _SCHEMES else MASK

    def query(self, text: str) -> str:
        """Parameters, wherever in a text; the rest of it as `wherever`."""
        return self.wherever(_PAIR.sub(self._masked_pair, text))

    def body(self, text: str) -> str:
        """JSON and forms by their names, JSON written anew if something is masked; else all from the first name on."""
        try:
            value = json.loads(text, object_pairs_hook=_object)
            masked = self._masked_value(value)
            shown = text if masked == value else json.dumps(masked)
        except (ValueError, RecursionError):
            if _FORM.fullmatch(text):
                return self.query(text)
            found = _SECRET.search(text)
            shown = text if found is None else text[: found.end()] + MASK
        return self.wherever(shown)

    def _masked_value(self, value: object) -> object:
        if isinstance(value, dict):
            return self._masked_object(value)
        if isinstance(value, list):
            return [self._masked_value(inner) for inner in value]
        return self.body(value) if isinstance(value, str) and _looks_like_json(value) else value

    def _masked_object(self, value: dict[str, object]) -> dict[str, object]:
        names = {name for name in value if name.lower() in _NAMES_OF_PAIRS}
        is_pair = any(isinstance(name, str) and " " not in name and _is_secret(name) for name in map(value.get, names))
        return {
            name: MASK if _is_secret(name) or (is_pair and name not in names) else self._masked_value(inner)
            for name, inner in value.items()
        }

    def _masked_pair(self, found: re.Match[str]) -> str:
        name, value = found.groups()
        plain = unquote_plus(value)
        is_masked = _is_secret(unquote_plus(name)) or (_looks_like_json(plain) and self.body(plain) != plain)
        return f"{name}={MASK}" if is_masked else found[0]


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    fields = dict(pairs)
    if len(fields) < len(pairs):
        raise ValueError("a name stands twice, and one of its values would not be looked at")
    return fields


def _masked_cookie(pair: str) -> str:
    name, equals, _ = pair.partition("=")
    return f"{name.strip()}={MASK}" if equals else MASK


def _looks_like_json(text: str) -> bool:
    return text.lstrip()[:1] in ("{", "[")


def _is_secret(name: str) -> bool:
    return _SECRET.search(name) is not None
