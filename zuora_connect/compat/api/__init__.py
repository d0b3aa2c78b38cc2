"""The calls: one, the login."""

from zuora_connect.compat.api.connections_api import ConnectionsApi

__all__ = ["ConnectionsApi"]
