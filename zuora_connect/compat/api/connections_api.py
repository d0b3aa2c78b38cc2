"""The one call: its signatures, and what it does with its arguments before anything else: it lets go of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, overload

from zuora_connect.compat._login import log_in
from zuora_connect.compat.api_client import ApiClient

if TYPE_CHECKING:
    from typing import Literal, TypedDict, Unpack

    from zuora_connect.compat._async_result import AsyncResult
    from zuora_connect.compat._login import Info, RequestTimeout
    from zuora_connect.compat.models import CommonResponseType

    class Options(TypedDict, total=False):
        zuora_entity_ids: str | None
        entity_id: str | None
        entity_name: str | None
        zuora_track_id: str | None
        authorization: str | None
        _preload_content: bool
        _request_timeout: RequestTimeout


class ConnectionsApi:
    """Logs in to Zuora. `api_client` holds the configuration; by default it is a new ApiClient()."""

    def __init__(self, api_client: ApiClient | None = None) -> None:
        self.api_client = ApiClient() if api_client is None else api_client

    @overload
    def p_ost_connections(
        self,
        api_access_key_id: str,
        api_secret_access_key: str,
        content_type: str,
        *,
        async_req: Literal[False] = False,
        **options: Unpack[Options],
    ) -> CommonResponseType: ...
    @overload
    def p_ost_connections(
        self,
        api_access_key_id: str,
        api_secret_access_key: str,
        content_type: str,
        *,
        async_req: Literal[True],
        **options: Unpack[Options],
    ) -> AsyncResult[CommonResponseType]: ...
    def p_ost_connections(
        self,
        api_access_key_id: str | None = None,
        api_secret_access_key: str | None = None,
        content_type: str | None = None,
        **options: Any,
    ) -> Any:
        """Log in with POST /v1/connections.

        api_access_key_id, api_secret_access_key: user name and password. content_type: application/json, in any case
        and with any charset. Keywords, all optional: zuora_entity_ids, or one of entity_id and entity_name; of these
        connect() says what they are, as of zuora_track_id and authorization. async_req: True returns at once, with a
        result whose `.get(timeout)` waits. _request_timeout: seconds for the whole call, or a pair (connect, read)
        whose sum that is; None leaves connect()'s 30 s.

        Returns a CommonResponseType; its `.connection` has the session. Raises ApiException for a status that is not
        2xx and for a fault of TLS (status 0), another error of `zuora_connect.errors` when nothing usable came back,
        ValueError for a missing or wrong argument, TypeError for a wrong type or an unknown keyword.
        """
        arguments = {
            "api_access_key_id": api_access_key_id,
            "api_secret_access_key": api_secret_access_key,
            "content_type": content_type,
            **options,
            "_return_http_data_only": True,
        }
        del api_access_key_id, api_secret_access_key, content_type, options
        try:
            return log_in(self.api_client, arguments)
        finally:
            arguments.clear()

    @overload
    def p_ost_connections_with_http_info(
        self,
        api_access_key_id: str,
        api_secret_access_key: str,
        content_type: str,
        *,
        async_req: Literal[False] = False,
        _return_http_data_only: Literal[False] = False,
        **options: Unpack[Options],
    ) -> Info: ...
    @overload
    def p_ost_connections_with_http_info(
        self,
        api_access_key_id: str,
        api_secret_access_key: str,
        content_type: str,
        *,
        async_req: Literal[False] = False,
        _return_http_data_only: Literal[True],
        **options: Unpack[Options],
    ) -> CommonResponseType: ...
    @overload
    def p_ost_connections_with_http_info(
        self,
        api_access_key_id: str,
        api_secret_access_key: str,
        content_type: str,
        *,
        async_req: Literal[True],
        _return_http_data_only: Literal[False] = False,
        **options: Unpack[Options],
    ) -> AsyncResult[Info]: ...
    def p_ost_connections_with_http_info(
        self,
        api_access_key_id: str | None = None,
        api_secret_access_key: str | None = None,
        content_type: str | None = None,
        **options: Any,
    ) -> Any:
        """p_ost_connections(), with the answer beside it: returns `(data, status, headers)`.

        headers are found in any case; of Set-Cookie they hold the session, as "ZSession=...", masked in its repr.
        _return_http_data_only: True returns the data alone.
        """
        arguments = {
            "api_access_key_id": api_access_key_id,
            "api_secret_access_key": api_secret_access_key,
            "content_type": content_type,
            **options,
        }
        del api_access_key_id, api_secret_access_key, content_type, options
        try:
            return log_in(self.api_client, arguments)
        finally:
            arguments.clear()
