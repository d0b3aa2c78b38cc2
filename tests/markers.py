"""A marker in every secret, and the search for it in whatever an error holds on to."""

from __future__ import annotations

import types
from collections.abc import Iterator

MARKER = "mArKeR"


def holds_marker(value: object, seen: set[int]) -> bool:
    """Is the marker anywhere in this value: its text, its items, its attributes?"""
    if id(value) in seen or isinstance(value, types.ModuleType | types.FunctionType | type):
        return False
    seen.add(id(value))
    if isinstance(value, str):
        return MARKER in value
    if isinstance(value, bytes | bytearray):
        return MARKER.encode() in value
    if isinstance(value, dict):
        return any(holds_marker(part, seen) for item in value.items() for part in item)
    if isinstance(value, list | tuple | set | frozenset):
        return any(holds_marker(part, seen) for part in value)
    return MARKER in repr(value) or holds_marker(getattr(value, "__dict__", {}), seen)


def links_of(error: BaseException) -> Iterator[BaseException]:
    """The error, and all that it came from."""
    links: list[BaseException | None] = [error]
    for link in links:
        if link is not None:
            links += [link.__cause__, link.__context__]
            yield link
