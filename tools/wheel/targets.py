"""What a wheel can be built for."""

from __future__ import annotations

import platform
import sys
from dataclasses import dataclass

from steps import Stop


@dataclass(frozen=True)
class Target:
    name: str
    zig: str  # the compiler's name of it, with the oldest C library that will do
    openssl: str  # OpenSSL's
    host: str  # that of GNU's configure, and of the folder in which Debian keeps Python's configuration
    tag: str  # the platform tag of its wheels
    libc: str  # "glibc" or "musl"

    @property
    def is_native(self) -> bool:
        return self.name == native_name()


GLIBC_MAX = (2, 17)
TARGETS = {
    target.name: target
    for target in (
        Target(
            *("x86_64", "x86_64-linux-gnu.2.17", "linux-x86_64", "x86_64-linux-gnu"),
            *("manylinux_2_17_x86_64", "glibc"),
        ),
        Target(
            *("aarch64", "aarch64-linux-gnu.2.17", "linux-aarch64", "aarch64-linux-gnu"),
            *("manylinux_2_17_aarch64", "glibc"),
        ),
        Target(
            *("x86_64-musl", "x86_64-linux-musl", "linux-x86_64", "x86_64-linux-musl"),
            *("musllinux_1_2_x86_64", "musl"),
        ),
        Target(
            *("aarch64-musl", "aarch64-linux-musl", "linux-aarch64", "aarch64-linux-musl"),
            *("musllinux_1_2_aarch64", "musl"),
        ),
    )
}


def native_name() -> str:
    return platform.machine() + ("" if platform.libc_ver()[0] == "glibc" else "-musl")


def choose(name: str | None) -> Target:
    """-> the target of that name; without one, this machine's."""
    if not sys.platform.startswith("linux"):
        raise Stop(f"wheels are built on Linux, and this is {sys.platform}")
    chosen = TARGETS.get(name or native_name())
    if chosen is None:
        raise Stop(f"there is no wheel for {name or native_name()}, but for {', '.join(TARGETS)}")
    return chosen
