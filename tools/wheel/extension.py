"""The wheel itself: setup.py's, in a copy of this tree, with the static parts in place of the system's libraries."""

from __future__ import annotations

import shlex
import shutil
from pathlib import Path

from compiler import OPTIMISE, Compiler
from interpreter import Interpreter, configuration
from steps import BUILD, ROOT, run, say

EXPORTS = Path(__file__).with_name("exports.map")
# The names that other libraries in the process have too are bound to our own ones here and now, and nobody sees ours.
LINK_FLAGS = (
    *("-s", f"-Wl,--version-script={EXPORTS}", "-Wl,-Bsymbolic", "-Wl,--gc-sections"),
    *("-Wl,-z,relro", "-Wl,-z,now", "-Wl,-z,noexecstack", "-Wl,--build-id=none"),
)
# zig's own memset and memcpy go byte by byte; those of the C library are ten times as fast. Its musl has none.
LINK_FLAGS_OF_LIBC = {"glibc": ("-rtlib=none",), "musl": ()}
LIBRARIES = ("libcurl.a", "libssl.a", "libcrypto.a", "libcjson.a")


def find_libraries(parts: list[Path]) -> list[str]:
    """By their whole paths, so that no library of that name elsewhere can be taken."""
    return [str(part / "lib" / name) for name in LIBRARIES for part in parts if (part / "lib" / name).is_file()]


def build(compiler: Compiler, python: Interpreter, parts: list[Path]) -> Path:
    """-> the wheel, not yet judged."""
    target = compiler.target
    say(f"building the wheel {python.abi} for {target.name}")
    folder = BUILD / target.name / python.abi
    shutil.rmtree(folder, ignore_errors=True)
    tree = folder / "tree"
    run(ROOT / "tools/copy_tree", tree, cwd=ROOT)
    includes = [f"-I{part / 'include'}" for part in parts]
    environment = compiler.environment | {
        "CFLAGS": shlex.join([OPTIMISE, f"-isystem{configuration(python, target)}"]),
        "LDFLAGS": shlex.join([*LINK_FLAGS, *LINK_FLAGS_OF_LIBC[target.libc]]),
        "ZUORA_CONNECT_CFLAGS": shlex.join([*includes, "-DCURL_STATICLIB"]),
        "ZUORA_CONNECT_LIBS": shlex.join([*find_libraries(parts), "-lpthread"]),
    }
    made = folder / "made"
    command = ("setup.py", "bdist_wheel", "--plat-name", target.tag, "--dist-dir", made)
    run(python.path, *command, cwd=tree, env=environment, log=folder / "log")
    (wheel,) = made.iterdir()
    return wheel
