"""Text that came from a server, made fit to be read or shown. The extension looks both up here when it is imported."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import SupportsIndex

_COOKIE = "ZSession"


def printable(text: str) -> str:
    """Escape what `str.isprintable` refuses, as a Python literal would: `\\n`, `\\x1b`, `\\u202e`; nothing else."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)


class SessionCookie(str):
    """A session, as text. Its `repr` is masked; `str()`, f-strings and `json.dumps` give the value.

    Its slices are as secret as the whole, and its one line is masked: pytest shows how two texts differ by these.
    """

    __slots__ = ()

    def __getitem__(self, key: "SupportsIndex | slice") -> "SessionCookie":
        return SessionCookie(super().__getitem__(key))

    def splitlines(self, keepends: bool = False) -> list[str]:
        return [repr(self)]

    def __repr__(self) -> str:
        return f"'{_COOKIE}=***'" if self.startswith(f"{_COOKIE}=") else "'***'"
