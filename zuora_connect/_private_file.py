"""A small file of secrets, read only if nobody but its owner can read or change it."""

from __future__ import annotations

import os
import stat

MAX_BYTES = 64 * 1024

_FLAGS = os.O_RDONLY | os.O_CLOEXEC | os.O_NOCTTY | os.O_NONBLOCK  # a FIFO without a writer would make it wait


class Unusable(Exception):
    """Why a file is not read, as the end of a sentence that begins with its name."""


def read_private(path: str) -> bytes | None:
    """The whole file; None if there is none. Raises Unusable.

    What is judged is the file that was opened, wherever links led to it: nobody can put another in its place between
    the look and the reading.
    """
    try:
        descriptor = os.open(path, _FLAGS)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError) as error:
        raise Unusable(f"cannot be opened ({_reason(error)})") from None
    try:
        _judge(os.fstat(descriptor))
        return _read(descriptor)
    except OSError as error:
        raise Unusable(f"cannot be read ({_reason(error)})") from None
    finally:
        os.close(descriptor)


def _judge(found: os.stat_result) -> None:
    if not stat.S_ISREG(found.st_mode):
        raise Unusable("is no regular file")
    if found.st_uid not in (os.geteuid(), 0):
        raise Unusable("belongs to another user")
    if found.st_mode & 0o077:
        raise Unusable(f"is open to others (mode {stat.S_IMODE(found.st_mode):04o}): chmod 600 it")
    if found.st_size > MAX_BYTES:
        raise Unusable("is larger than 64 KiB")


def _read(descriptor: int) -> bytes:
    content = b""
    while piece := os.read(descriptor, MAX_BYTES + 1 - len(content)):
        content += piece
        if len(content) > MAX_BYTES:  # it grew meanwhile
            raise Unusable("is larger than 64 KiB")
    return content


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or type(error).__name__
