"""The interface of the generated Python client over connect(): for programs that were written for that client.

    import zuora_connect.compat as zuora_client
    from zuora_connect.compat.rest import ApiException

Modules and names are where the generated client has them; of its calls, this one only. docs/moving.md sets both beside
each other and says what differs.
"""

from zuora_connect.compat.api import ConnectionsApi
from zuora_connect.compat.api_client import ApiClient
from zuora_connect.compat.configuration import Configuration
from zuora_connect.compat.models import CommonResponseType
from zuora_connect.compat.rest import ApiException

__all__ = ["ApiClient", "ApiException", "CommonResponseType", "Configuration", "ConnectionsApi"]
