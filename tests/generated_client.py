"""Calls as a program makes them that was written for the generated Python client: one try at a test server."""

from __future__ import annotations

from typing import Any

from client import PASSWORD, USER
from servers import Server

import zuora_connect.compat as zuora_client

JSON = "application/json"


def api_of(server: Server | str, **settings: Any) -> zuora_client.ConnectionsApi:
    """An API for one try at this server."""
    configuration = zuora_client.Configuration()
    configuration.host = server if isinstance(server, str) else server.url
    configuration.retries = 0
    for name, value in settings.items():
        setattr(configuration, name, value)
    return zuora_client.ConnectionsApi(zuora_client.ApiClient(configuration))


def log_in(server: Server | str, *, settings: dict[str, Any] | None = None, **options: Any) -> Any:
    return api_of(server, **(settings or {})).p_ost_connections(USER, PASSWORD, JSON, **options)
