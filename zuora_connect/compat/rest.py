"""What the generated client tells of an answer beside its data: the headers, and the error for a status beyond 2xx."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any


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

    Made by hand, as in tests: of these four, or of an answer as urllib3 has them, `http_resp`, which then says all. It
    may be the third by position, as in the generated client.
    """

    def __init__(
        self,
        status: int | None = None,
        reason: str | None = None,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
        *,
        http_resp: Any = None,
    ) -> None:
        if hasattr(body, "getheaders"):
            http_resp, body = body, None
        if http_resp is not None:
            status, reason, body, headers = http_resp.status, http_resp.reason, http_resp.data, http_resp.getheaders()
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
