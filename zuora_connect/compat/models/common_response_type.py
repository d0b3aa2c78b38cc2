"""Zuora's answer as the generated client models it, with the session that the generated client drops."""

from __future__ import annotations

from pprint import pformat
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from typing import Self

    from zuora_connect._connection import Connection
    from zuora_connect.errors import Reason


class CommonResponseType:
    """process_id (str), reasons (list of `{"code", "message"}`) and success (bool); None is what Zuora did not send.

    success is connect()'s: True only with a session. `.connection` is the whole answer, with the session cookie, the
    rate limit and the ids; it is None in a model made by hand, and takes no part in to_dict(), the repr and equality.
    """

    swagger_types: ClassVar[dict[str, str]] = {"process_id": "str", "reasons": "list[object]", "success": "bool"}
    attribute_map: ClassVar[dict[str, str]] = {"process_id": "processId", "reasons": "reasons", "success": "success"}

    def __init__(
        self, process_id: str | None = None, reasons: list[Reason] | None = None, success: bool | None = None
    ) -> None:
        self.process_id = process_id
        self.reasons = reasons
        self.success = success
        self.connection: Connection | None = None

    @classmethod
    def of(cls, connection: Connection) -> Self:
        """The model of an answer. That Zuora sent no reasons is None here, as in the generated client."""
        model = cls(connection["processId"], connection["reasons"] or None, connection["success"])
        model.connection = connection
        return model

    def to_dict(self) -> dict[str, object]:
        """The fields, by the names of the attributes."""
        return {name: getattr(self, name) for name in self.swagger_types}

    def to_str(self) -> str:
        """The fields, as pprint shows them."""
        return pformat(self.to_dict())

    def __repr__(self) -> str:
        return self.to_str()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, CommonResponseType) and self.to_dict() == other.to_dict()

    __hash__ = None  # type: ignore[assignment]  # its fields may change
