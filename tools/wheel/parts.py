"""The static parts: OpenSSL, libcurl and cJSON, with what a login needs and no more."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from compiler import OPTIMISE, Compiler
from sources import Source, unpack
from steps import digest, keep, run, say

# It ends up in the library; what can never exist can never be a way in.
NOWHERE = "/dev/null/zuora_connect"

CJSON_FLAGS = ("-DCJSON_HIDE_SYMBOLS", "-std=c99")


def read_options(name: str) -> list[str]:
    """-> the words of a file, without its comments."""
    lines = Path(__file__).with_name(f"{name}.options").read_text().splitlines()
    return [word for line in lines if not line.startswith("#") for word in line.split()]


def jobs() -> str:
    return f"-j{len(os.sched_getaffinity(0))}"


def copy_tree(source: Path, target: Path) -> Path:
    """Times come along, so that nothing made beforehand is made again."""
    shutil.copytree(source, target, symlinks=True)
    return target


def build_openssl(source: Source, files: Path, compiler: Compiler) -> Path:
    options = read_options("openssl")

    def make(folder: Path) -> None:
        say(f"building OpenSSL {source.upstream} for {compiler.target.name}")
        tree = copy_tree(unpack(source, files), folder / "tree")
        where = (f"--prefix={NOWHERE}", f"--openssldir={NOWHERE}", "--libdir=lib")
        configure = ("perl", "Configure", compiler.target.openssl, *where, *options, f"CFLAGS={OPTIMISE}")
        run(*configure, cwd=tree, env=compiler.environment, log=folder / "configure.log")
        run("make", jobs(), "build_libs", cwd=tree, env=compiler.environment, log=folder / "make.log")
        (folder / "lib").mkdir()
        for name in ("libssl.a", "libcrypto.a"):
            shutil.move(tree / name, folder / "lib" / name)
        shutil.copytree(tree / "include/openssl", folder / "include/openssl")
        shutil.rmtree(tree)

    facts = digest(source.facts, compiler.facts, options)
    return keep(f"{compiler.target.name}/openssl", facts, make)


def build_curl(source: Source, files: Path, compiler: Compiler, openssl: Path) -> Path:
    options = read_options("curl")

    def make(folder: Path) -> None:
        say(f"building libcurl {source.upstream} for {compiler.target.name}")
        tree = copy_tree(unpack(source, files), folder / "tree")
        where = (f"--host={compiler.target.host}", f"--with-openssl={openssl}", f"--prefix={NOWHERE}")
        environment = compiler.environment | {"PKG_CONFIG": "false", "LIBS": "-lpthread", "CFLAGS": OPTIMISE}
        run("./configure", *where, *options, cwd=tree, env=environment, log=folder / "configure.log")
        run("make", jobs(), "-C", "lib", "libcurl.la", cwd=tree, env=compiler.environment, log=folder / "make.log")
        (folder / "lib").mkdir()
        shutil.move(tree / "lib/.libs/libcurl.a", folder / "lib/libcurl.a")
        shutil.copytree(tree / "include/curl", folder / "include/curl", ignore=shutil.ignore_patterns("Makefile*"))
        shutil.rmtree(tree)

    facts = digest(source.facts, compiler.facts, options, (openssl / ".facts").read_text())
    return keep(f"{compiler.target.name}/curl", facts, make)


def build_cjson(source: Source, files: Path, compiler: Compiler) -> Path:
    def make(folder: Path) -> None:
        say(f"building cJSON {source.upstream} for {compiler.target.name}")
        tree = unpack(source, files)
        (folder / "lib").mkdir()
        (folder / "include/cjson").mkdir(parents=True)
        shutil.copy(tree / "cJSON.h", folder / "include/cjson")
        run("cc", *CJSON_FLAGS, "-c", tree / "cJSON.c", "-o", folder / "cJSON.o", env=compiler.environment)
        run("ar", "rcsD", folder / "lib/libcjson.a", folder / "cJSON.o", env=compiler.environment)

    return keep(f"{compiler.target.name}/cjson", digest(source.facts, compiler.facts, CJSON_FLAGS), make)


def build(sources: dict[str, Source], files: Path, compiler: Compiler) -> list[Path]:
    """-> folders with `include` and `lib`, in the order in which they are linked."""
    openssl = build_openssl(sources["openssl"], files, compiler)
    curl = build_curl(sources["curl"], files, compiler, openssl)
    return [curl, openssl, build_cjson(sources["cjson"], files, compiler)]
