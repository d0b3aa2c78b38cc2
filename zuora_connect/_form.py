"""The form on which one login's values travel between the extension and what completes them: it shows none of them."""

from __future__ import annotations

from time import monotonic


class Form:
    """One login: `values` by the name of their parameter, and `source`, where each of them came from.

    The extension fills in what it knows (`values`, `origin`, `profile`, `timeout` in seconds; `asks`, `tells`, `plans`)
    and takes over what was added to `values`. Slots, and no repr of its own: reporters of errors find nothing to print.
    """

    __slots__ = ("asks", "began", "notes", "origin", "plans", "profile", "source", "tells", "timeout", "values")

    values: dict[str, object]
    source: dict[str, str]
    notes: list[str]
    origin: int
    profile: str | None
    timeout: float
    began: float
    asks: bool
    tells: bool
    plans: bool

    def lacks(self, name: str) -> bool:
        return name not in self.values

    @property
    def place(self) -> str:
        """The base URL as the login will read it: the characters of a str, whatever its class makes of `str()`."""
        url = self.values["base_url"]
        return str.__str__(url) if isinstance(url, str) else ""

    def left(self) -> float:
        """Seconds, above 0, of this login's time-out, which the profile may have given."""
        given = self.values.get("timeout") if "timeout" in self.source else None
        seconds = min(given, 86400) if isinstance(given, int | float) and given > 0 else self.timeout
        return max(seconds - (monotonic() - self.began), 0.001)

    def has(self, name: str, text: object) -> bool:
        """Is this the value? It is compared here, so that who asks needs none."""
        return self.values.get(name) == text

    def add(self, name: str, value: object, source: str) -> None:
        self.values[name] = value
        self.source[name] = source
