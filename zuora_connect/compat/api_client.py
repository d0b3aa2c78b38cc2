"""What the calls of the generated client share: a configuration. Connections are kept by the library itself."""

from __future__ import annotations

from typing import Self

from zuora_connect.compat.configuration import Configuration


class ApiClient:
    """Holds the configuration of its calls; without one, a new Configuration().

    Headers, cookies, a user agent or a size of a pool cannot be given: TypeError or AttributeError. In a `with`
    statement it closes nothing.
    """

    __slots__ = ("configuration",)

    def __init__(self, configuration: Configuration | None = None) -> None:
        self.configuration = Configuration() if configuration is None else configuration

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass
