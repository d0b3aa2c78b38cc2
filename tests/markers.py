"""A marker in every secret, and the search for it in whatever an error holds on to."""

from __future__ import annotations

import traceback
import types
from collections.abc import Callable, Iterator

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


def assert_clean(error: BaseException, is_looked_at: Callable[[str], bool]) -> list[types.FrameType]:
    """No marker in the error, in what it came from, nor in the frames that each passed, by the names of their files."""
    looked_at = []
    for link in links_of(error):
        assert not holds_marker([link.args, vars(link), str(link), repr(link)], set())
        frames = [frame for frame, _ in traceback.walk_tb(link.__traceback__)]
        looked_at += [frame for frame in frames if is_looked_at(frame.f_code.co_filename)]
    for frame in looked_at:
        for name, value in frame.f_locals.items():
            assert not holds_marker(value, set()), f"{frame.f_code.co_name}: {name}"
    return looked_at
