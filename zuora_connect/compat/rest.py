"""What the generated client tells of an answer beside its data: the headers, and the error for a status beyond 2xx."""

from __future__ import annotations

from collections.abc import Iterator, Mapping


class Headers(Mapping[str, str]):
    """Headers of an answer, found by name in any case. Names are in lower case, repeated ones joined by ", "."""

    def __init__(self, headers: Mapping[str, str]) -> None:
        self._headers = {name.lower(): value for name, value in headers.items()}

    def __getitem__(self, name: str) -> str:
        return self._headers[name.lower()]

    def __iter__(self) -> Iterator[str]:
        return iter(self._headers)

    def __len__(self) -> int:
        return len(self._headers)

    def __repr__(self) -> str:
        return repr(self._headers)


class ApiException(Exception):
    """An answer came whose HTTP status is not 2xx, or the server could not be trusted (status 0).

    status (int), reason (str: the status's standard phrase, or what TLS found), body (str or None: JSON of what Zuora
    said, made from what the library read, not Zuora's bytes), headers (Headers or None). `__cause__` is the error of
    `zuora_connect.errors` behind it, with `.hint`, `.retryable` and `.retry_after`.
    """

    def __init__(
        self,
        status: int | None = None,
        reason: str | None = None,
        body: str | None = None,
        headers: Headers | None = None,
    ) -> None:
        super().__init__(status, reason, body, headers)
        self.status = status
        self.reason = reason
        self.body = body
        self.headers = headers

    def __str__(self) -> str:
        lines = [f"({self.status})", f"Reason: {self.reason}"]
        if self.headers:
            lines.append(f"HTTP response headers: {self.headers}")
        if self.body:
            lines.append(f"HTTP response body: {self.body}")
        return "\n".join(lines) + "\n"
