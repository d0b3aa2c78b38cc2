"""`./dev fuzz`: libFuzzer on what reads a server's bytes. Each target is a C file of tests/fuzz with words and corpus.

What a run finds new goes to build/fuzz/TARGET/new; `--keep` puts what of it reaches new code into the corpus.
"""

from __future__ import annotations

import argparse
import datetime
import os
import re
import shlex
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from core_build import ROOT, library_flags, run

HERE = ROOT / "tests" / "fuzz"
BUILD = ROOT / "build" / "fuzz"
TARGETS = sorted(path.stem.removeprefix("fuzz_") for path in HERE.glob("fuzz_*.c"))
COMPILE = [
    "-std=c11",
    "-D_GNU_SOURCE",
    '-DZC_VERSION="0"',
    "-DWITH_LIBFUZZER",
    "-g",
    "-O1",
    "-Wall",
    "-Wextra",
    "-Werror",
]
SANITIZE = "address,undefined"
CHECKS = ["-fno-sanitize-recover=all", "-fno-omit-frame-pointer"]
# Longer inputs are slower and reach nothing new: 64 levels of nesting and 100 reasons fit.
MAX_LEN = {"answer": 1000, "body": 600, "base_url": 300, "mask": 200}


class Compiler:
    """The core as an archive, so that a target counts only the code that it uses."""

    def __init__(self) -> None:
        cflags = library_flags("--cflags", "ZUORA_CONNECT_CFLAGS")
        above = [flag.removesuffix("/cjson") for flag in cflags if flag.endswith("/cjson")]
        self.command = [*shlex.split(os.environ.get("CLANG", "clang")), *CHECKS]
        self.flags = [*COMPILE, f"-I{ROOT / 'csrc'}", *cflags, *above]
        self.libraries = [*library_flags("--libs", "ZUORA_CONNECT_LIBS"), "-pthread"]
        self.archive = BUILD / "core.a"
        with ThreadPoolExecutor(os.cpu_count()) as workers:
            objects = list(workers.map(self.object, sorted((ROOT / "csrc" / "core").glob("*.c"))))
        self.archive.unlink(missing_ok=True)
        run("ar", "rcs", self.archive, *objects)

    def object(self, source: Path) -> Path:
        made = BUILD / f"{source.stem}.o"
        run(*self.command, f"-fsanitize=fuzzer-no-link,{SANITIZE}", *self.flags, "-c", source, "-o", made)
        return made

    def target(self, name: str) -> Path:
        made = BUILD / name / name
        made.parent.mkdir(exist_ok=True)
        sanitize = f"-fsanitize=fuzzer,{SANITIZE}"
        run(*self.command, sanitize, *self.flags, source_of(name), self.archive, *self.libraries, "-o", made)
        return made


def source_of(name: str) -> Path:
    return HERE / f"fuzz_{name}.c"


def corpus_of(name: str) -> Path:
    return HERE / "corpus" / name


def number(pattern: str, log: str) -> int:
    found = re.findall(pattern, log)
    return int(found[-1]) if found else 0


def with_limits(program: Path) -> list[str | Path]:
    return [program, f"-max_len={MAX_LEN[program.name]}", "-timeout=20", "-rss_limit_mb=1024"]


def fuzz(program: Path, executions: int) -> bool:
    """One target; says what it cost, or shows what it found."""
    name, folder = program.name, program.parent
    new = folder / "new"
    new.mkdir(exist_ok=True)
    command = [*with_limits(program), f"-runs={executions}", f"-dict={HERE / name}.dict", f"-artifact_prefix={folder}/"]
    started = time.monotonic()
    done = subprocess.run(
        [*command, "-print_final_stats=1", new, corpus_of(name)], capture_output=True, text=True, errors="replace"
    )
    seconds = time.monotonic() - started
    (folder / "log").write_text(done.stderr)
    n_executed = number(r"stat::number_of_executed_units: (\d+)", done.stderr)
    if done.returncode != 0 or n_executed < executions:
        found = re.search(r"^.*(not so: |runtime error: |ERROR: )", done.stderr, re.MULTILINE)
        print(
            f"FAIL  {name}, after {n_executed} executions\n{done.stderr[found.start() if found else -5000 :]}",
            flush=True,
        )
        return False
    edges, features = number(r"cov: (\d+)", done.stderr), number(r"ft: (\d+)", done.stderr)
    speed = f"{n_executed} executions in {seconds:.0f} s, {n_executed / seconds:.0f} a second"
    print(f"ok    {name}: {speed}, {edges} edges, {features} features", flush=True)
    return True


def keep(program: Path) -> None:
    """Makes the corpus anew: small inputs of the old one and the new that together reach all, however often they do."""
    corpus, merged = corpus_of(program.name), program.parent / "merged"
    shutil.rmtree(merged, ignore_errors=True)
    merged.mkdir()
    corpus.mkdir(parents=True, exist_ok=True)
    run(*with_limits(program), "-merge=1", "-use_counters=0", merged, corpus, program.parent / "new")
    shutil.rmtree(corpus)
    shutil.copytree(merged, corpus)
    print(f"{program.name}: the corpus has {len(list(corpus.iterdir()))} inputs")


def about(clang: str) -> str:
    versions = [run(*shlex.split(os.environ.get("PKG_CONFIG", "pkg-config")), "--modversion", "libcurl", "libcjson")]
    libcurl, cjson = " ".join(versions).split()
    return f"{datetime.date.today()}, libcurl {libcurl}, cJSON {cjson}, {clang.splitlines()[0]}"


def main() -> None:
    parser = argparse.ArgumentParser(prog="./dev fuzz", description="Fuzzes what reads a server's bytes.")
    parser.add_argument("executions", nargs="?", type=int, default=1_000_000, help="of each target (a million)")
    parser.add_argument("--target", choices=TARGETS, action="append", help="only this one; may be repeated")
    parser.add_argument("--keep", action="store_true", help="put what was found into the corpus")
    arguments = parser.parse_args()
    BUILD.mkdir(parents=True, exist_ok=True)
    compiler = Compiler()
    print(about(run(*compiler.command, "--version")), flush=True)
    with ThreadPoolExecutor(os.cpu_count()) as workers:
        programs = list(workers.map(compiler.target, arguments.target or TARGETS))
        passed = list(workers.map(lambda program: fuzz(program, arguments.executions), programs))
    if arguments.keep and all(passed):
        for program in programs:
            keep(program)
    sys.exit(not all(passed))


if __name__ == "__main__":
    main()
