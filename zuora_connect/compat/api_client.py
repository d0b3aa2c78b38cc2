"""What the calls of the generated client share: a configuration. Connections are kept by the library itself."""

from __future__ import annotations

from zuora_connect.compat.configuration import Configuration


class ApiClient:
    """Holds the configuration of its calls; without one, a new Configuration()."""

    def __init__(self, configuration: Configuration | None = None) -> None:
        self.configuration = Configuration() if configuration is None else configuration
