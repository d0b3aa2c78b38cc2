"""What the generated client has and a login here has no use for: to name it is refused, with what to do instead."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar


class Closed:
    """Has what its class names, and says of each `absent` attribute what to do. Never quotes a value."""

    __slots__ = ()

    absent: ClassVar[Mapping[str, str]] = {}

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(self._refusal(name), name=name, obj=self)

    def __setattr__(self, name: str, value: object) -> None:
        if name in self.absent or not hasattr(type(self), name):
            del value
            raise AttributeError(self._refusal(name), name=name, obj=self)
        super().__setattr__(name, value)

    def _refusal(self, name: str) -> str:
        if name in self.absent:
            return f"{name}: {self.absent[name]}"
        return f"{type(self).__name__!r} object has no attribute {name!r}"
