"""What calls return."""

from zuora_connect.compat.models.common_response_type import CommonResponseType

__all__ = ["CommonResponseType"]
