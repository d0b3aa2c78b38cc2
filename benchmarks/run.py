"""What a login costs beside a bare C program on the same libraries: `./dev bench`.

Everything runs on one core, server included: on several, waking a sleeping core costs more than what is measured.
Prints a table and writes it to benchmarks/results/latest.md, with every sample to latest.json.
"""

import argparse
import dataclasses
import datetime
import json
import os
import platform
import re
import shlex
import sys
import sysconfig
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from measure import Row, Side, Summary, measure, run_child
from server import TLS_VERSIONS, Server, output

import zuora_connect

HERE = Path(__file__).resolve().parent
CLIENT = (sys.executable, str(HERE / "client.py"))

EMPTY_MODULE = """
#include <Python.h>
static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, .m_name = "empty"};
PyMODINIT_FUNC PyInit_empty(void) { return PyModuleDef_Init(&module); }
"""


def main() -> None:
    parser = argparse.ArgumentParser(prog="./dev bench", description="Measures a login beside a bare C program.")
    parser.add_argument("--quick", action="store_true", help="a short look instead of figures to publish")
    parser.add_argument("--results", type=Path, default=HERE / "results", help="where latest.json and latest.md go")
    arguments = parser.parse_args()
    rounds, batch_s = (7, 0.1) if arguments.quick else (41, 0.2)

    os.environ["PATH"] += ":/usr/sbin"
    with tempfile.TemporaryDirectory(prefix="zuora-bench-") as name:
        directory = Path(name)
        floor = build_floor(directory)
        build_empty_module(directory)
        core = max(os.sched_getaffinity(0))
        os.sched_setaffinity(0, {core})
        with Server(directory) as server:
            rows = [*login_rows(floor, server), import_row(directory), *memory_rows(server)]
            measure(rows, rounds, batch_s)
            about = {
                **describe_machine(),
                "all on core": str(core),
                "rounds": f"{rounds}, batches of about {batch_s} s",
                "CA stores": f"{server.n_certificates} certificates each",
                "the C program after one login": "; ".join(cold_floor(floor, server)),
            }
    summaries = [row.summary() for row in rows]
    text = as_markdown(summaries, about)
    record = {"about": about, "rows": [dataclasses.asdict(each) for each in summaries]}
    arguments.results.mkdir(parents=True, exist_ok=True)
    (arguments.results / "latest.json").write_text(json.dumps(record, indent=1) + "\n")
    (arguments.results / "latest.md").write_text(text)
    print(text, end="")


def login_rows(floor: str, server: Server) -> Iterator[Row]:
    def row(name: str, url: str, store: Path, goal: float, probe: int) -> Row:
        base = Side([floor, "N", f"{url}/v1/connections", str(store)])
        ours = Side([*CLIENT, "logins", "N", url, str(store)])
        return Row(name, base, ours, goal=goal, probe=probe)

    yield row("login on a kept-alive connection", server.url(), server.bundle, goal=1.4, probe=500)
    for tls in TLS_VERSIONS:
        for store in server.stores:
            name = f"login on a new connection, {tls}, {store.name}"
            yield row(name, server.url(tls, close=True), store, goal=1.2, probe=50)


def import_row(directory: Path) -> Row:
    empty = Side([*CLIENT, "import", "empty", str(directory)])
    ours = Side([*CLIENT, "import", "zuora_connect", str(directory)])
    return Row("import, above an empty extension", empty, ours, compare="difference", goal=3000)


def memory_rows(server: Server) -> Iterator[Row]:
    for store in server.stores:
        login = [*CLIENT, "logins", "0", server.url(), str(store)]
        where = f"after one login, above the bare interpreter, {store.name}"
        bare, ours = Side([*CLIENT, "bare"]), Side(login)
        yield Row(f"RssAnon {where}", bare, ours, figure="anon_kb", compare="difference", goal=4096)
        bare, ours = Side([*CLIENT, "bare"]), Side(login)
        yield Row(f"peak RSS {where}", bare, ours, figure="peak_kb", compare="difference")


def cold_floor(floor: str, server: Server) -> Iterator[str]:
    for store in server.stores:
        sample = run_child([floor, "0", f"{server.url()}/v1/connections", str(store)])
        yield f"{store.name} {sample.anon_kb:.0f} kB RssAnon, {sample.peak_kb:.0f} kB peak RSS"


def build_floor(directory: Path) -> str:
    program = str(directory / "floor")
    compile_c("-O2", str(HERE / "floor.c"), "-o", program)
    return program


def build_empty_module(directory: Path) -> None:
    source = directory / "empty.c"
    source.write_text(EMPTY_MODULE)
    module = directory / f"empty{sysconfig.get_config_var('EXT_SUFFIX')}"
    include = f"-I{sysconfig.get_path('include')}"
    compile_c("-O2", "-shared", "-fPIC", "-Wl,--no-as-needed", include, str(source), "-o", str(module))


def compile_c(*arguments: str) -> None:
    """Compiles and links with the compiler and the libraries that setup.py takes."""
    flags = [os.environ.get(f"ZUORA_CONNECT_{kind}") for kind in ("CFLAGS", "LIBS")]
    if flags == [None, None]:
        flags = [output("pkg-config", "--cflags", "--libs", "libcurl", "libcjson", cwd=HERE)]
    libraries = [word for each in flags for word in shlex.split(each or "")]
    output(*shlex.split(os.environ.get("CC", "cc")), "-std=c11", *arguments, *libraries, cwd=HERE)


def describe_machine() -> dict[str, str]:
    build = zuora_connect.build_info()
    cpu = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    return {
        "date": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "revision": revision(),
        "machine": f"{cpu[1] if cpu else platform.machine()}, {os.cpu_count()} cores, {platform.platform()}",
        "Python": platform.python_version(),
        **{name: str(build[name]) for name in ("package", "libcurl", "tls", "cjson")},
    }


def revision() -> str:
    try:
        return output("git", "describe", "--always", "--dirty", cwd=HERE)
    except (OSError, RuntimeError):
        return "unknown"


def as_markdown(summaries: Sequence[Summary], about: dict[str, str]) -> str:
    lines = [
        "| what | C program or base | zuora_connect | median of the pairs | quartiles | goal | |",
        "|---|---:|---:|---:|---:|---:|---|",
    ]
    for each in summaries:
        unit = "us" if each.figure.endswith("_us") else "kB"
        form = "{:.3f} x" if each.compare == "ratio" else "{:+.0f} " + unit
        low, high = (form.format(value) for value in each.quartiles)
        goal = "" if each.goal is None else form.format(each.goal)
        verdict = "" if each.goal is None else "reached" if each.reached else "MISSED"
        lines.append(
            f"| {each.name} | {each.base:.1f} {unit} | {each.ours:.1f} {unit} | {form.format(each.median)} "
            f"| {low} to {high} | {goal} | {verdict} |"
        )
    return "\n".join([*lines, "", *(f"- {name}: {value}" for name, value in about.items()), ""])


if __name__ == "__main__":
    main()
