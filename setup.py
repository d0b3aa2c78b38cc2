"""The C extension: everything about the build that pyproject.toml cannot say.

libcurl and cJSON are asked of pkg-config, or taken from ZUORA_CONNECT_CFLAGS and ZUORA_CONNECT_LIBS. Before anything is
compiled, small probes look for what the build needs, so that what is missing is said in one message and not in a page
of compiler errors.
"""

import os
import shlex
import subprocess
import sys
import sysconfig
import tempfile
from glob import glob
from pathlib import Path

from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext

LIBCURL = (7, 87, 0)
CJSON = (1, 7, 15)
FREE_THREADED = bool(sysconfig.get_config_var("Py_GIL_DISABLED"))

USES_BOTH = """
#include <curl/curl.h>
#include <cjson/cJSON.h>
int main(void) { return !curl_version() || !cJSON_Version(); }
"""

PACKAGES = """
  Debian, Ubuntu  apt-get install gcc libc6-dev pkg-config python3-dev libcurl4-openssl-dev libcjson-dev
  Fedora          dnf install gcc pkgconf-pkg-config python3-devel libcurl-devel cjson-devel
  Alpine          apk add gcc musl-dev pkgconf python3-dev curl-dev cjson-dev
  Homebrew        brew install pkgconf curl cjson   (curl is keg-only: set PKG_CONFIG_PATH as brew says)

Libraries in another place: ZUORA_CONNECT_CFLAGS="-I..." and ZUORA_CONNECT_LIBS="-L... -lcurl -lcjson"; pkg-config is
then not asked. CC names the compiler."""


def stop(missing: str) -> SystemExit:
    return SystemExit(f"\nzuora_connect cannot be built: {missing}.\n{PACKAGES}\n")


def version_text(version: tuple[int, ...]) -> str:
    return ".".join(map(str, version))


def pkg_config(option: str) -> list[str]:
    """What pkg-config says about both libraries together."""
    command = [os.environ.get("PKG_CONFIG", "pkg-config"), option, "libcurl", "libcjson"]
    try:
        answer = subprocess.run(command, capture_output=True, text=True)
    except OSError:
        raise stop(f"{command[0]} cannot be run") from None
    if answer.returncode != 0:
        reason = (answer.stderr.strip().splitlines() or ["it gives no reason"])[0]
        raise stop(f"{command[0]} does not find libcurl and libcjson with their headers ({reason})")
    return shlex.split(answer.stdout)


def library_flags() -> tuple[list[str], list[str]]:
    """-> flags for the compiler, flags for the linker."""
    cflags = os.environ.get("ZUORA_CONNECT_CFLAGS")
    libs = os.environ.get("ZUORA_CONNECT_LIBS")
    if cflags is None and libs is None:
        compile_flags, link_flags = pkg_config("--cflags"), pkg_config("--libs")
    else:
        compile_flags, link_flags = shlex.split(cflags or ""), shlex.split(libs or "-lcurl -lcjson")
    # cJSON's own .pc file points into .../include/cjson; <cjson/cJSON.h> is found from the folder above.
    above = [flag.removesuffix("/cjson") for flag in compile_flags if flag.startswith("-I") and flag.endswith("/cjson")]
    return compile_flags + above, link_flags


class Probe:
    """Tries small programs with the compiler and the flags of the build."""

    def __init__(self, compiler: list[str], compile_flags: list[str], link_flags: list[str]) -> None:
        self.compiler = compiler
        self.compile_flags = compile_flags
        self.link_flags = link_flags

    def run(self, source: str, *, link: bool = False) -> str | None:
        """-> the preprocessed source (of a linked program: nothing), or None if the compiler refuses it."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "probe.c")
            path.write_text(source)
            step = ["-o", str(Path(folder, "probe")), str(path), *self.link_flags] if link else ["-E", "-P", str(path)]
            try:
                answer = subprocess.run(
                    [*self.compiler, *self.compile_flags, *step], capture_output=True, text=True, errors="replace"
                )
            except OSError:
                return None
            return answer.stdout if answer.returncode == 0 else None

    def version(self, header: str, *macros: str) -> tuple[int, ...] | None:
        """-> the version that a header's macros spell, or None if there is no such header."""
        text = self.run(f"#include <{header}>\nzc_version {' '.join(macros)}\n")
        return None if text is None else tuple(int(word) for word in text.split("zc_version")[-1].split())


def judge(plain: Probe, probe: Probe) -> None:
    """Stops the build with one message if anything it needs is missing or too old. `plain` has no library's flags."""
    if plain.run("#include <stdio.h>\nint main(void) { return 0; }", link=True) is None:
        raise stop(f"there is no C compiler that works ({probe.compiler[0]} was tried)")
    if plain.run("#include <Python.h>") is None:
        raise stop(f"the headers of Python {sysconfig.get_python_version()} are missing (Python.h)")
    curl = probe.version("curl/curl.h", "LIBCURL_VERSION_MAJOR", "LIBCURL_VERSION_MINOR", "LIBCURL_VERSION_PATCH")
    cjson = probe.version("cjson/cJSON.h", "CJSON_VERSION_MAJOR", "CJSON_VERSION_MINOR", "CJSON_VERSION_PATCH")
    for name, header, found, needed in (
        ("libcurl", "curl/curl.h", curl, LIBCURL),
        ("cJSON", "cjson/cJSON.h", cjson, CJSON),
    ):
        if found is None:
            raise stop(f"the headers of {name} are missing (<{header}>)")
        if found < needed:
            raise stop(f"{name} {version_text(found)} is too old, {version_text(needed)} or newer is needed")
    if probe.run(USES_BOTH, link=True) is None:
        raise stop(f"a program cannot be linked to libcurl and cJSON ({' '.join(probe.link_flags)})")


class BuildExtension(build_ext):
    def build_extensions(self) -> None:
        if sys.implementation.name != "cpython" or os.name != "posix":
            raise stop(f"it needs CPython on Linux or macOS, and this is {sys.implementation.name} on {sys.platform}")
        compiler = list(self.compiler.compiler_so)
        ldflags = shlex.split(os.environ.get("LDFLAGS", ""))
        python_include = [f"-I{path}" for path in self.compiler.include_dirs]
        compile_flags, link_flags = library_flags()
        judge(Probe(compiler, python_include, ldflags), Probe(compiler, compile_flags, ldflags + link_flags))
        for extension in self.extensions:
            extension.define_macros.append(("ZC_VERSION", f'"{self.distribution.get_version()}"'))
            extension.extra_compile_args += compile_flags
            extension.extra_link_args += link_flags
        super().build_extensions()


setup(
    ext_modules=[
        Extension(
            "zuora_connect._core",
            sources=sorted(glob("csrc/core/*.c") + glob("csrc/python/*.c")),
            depends=[*sorted(glob("csrc/*/*.h")), "pyproject.toml", "setup.py"],
            include_dirs=["csrc"],
            define_macros=[("_GNU_SOURCE", "1"), *([] if FREE_THREADED else [("Py_LIMITED_API", "0x030B0000")])],
            py_limited_api=not FREE_THREADED,
            extra_compile_args=[
                "-std=c11",
                "-O3",
                "-fvisibility=hidden",
                *("-Wall", "-Wextra", "-Wshadow", "-Wstrict-prototypes", "-Wconversion"),
            ],
        )
    ],
    cmdclass={"build_ext": BuildExtension},
    options={} if FREE_THREADED else {"bdist_wheel": {"py_limited_api": "cp311"}},
)
