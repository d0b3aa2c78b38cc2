"""What the benchmark builds for itself: the C programs, an empty extension, interpreters that see one tree only."""

import os
import shlex
import shutil
import sys
import sysconfig
from pathlib import Path

from server import output

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent

EMPTY_MODULE = """
#include <Python.h>
static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, .m_name = "empty"};
PyMODINIT_FUNC PyInit_empty(void) { return PyModuleDef_Init(&module); }
"""


C_PROGRAMS = {
    "floor": ("floor.c", "login.c", "figures.c"),
    "floor_threads": ("floor_threads.c", "login.c", "figures.c", "-pthread"),
    "phases": ("phases.c", "login.c"),
    "bare": ("bare.c", "figures.c", "-Wl,--as-needed"),
}


def build_c_programs(directory: Path) -> None:
    for name, arguments in C_PROGRAMS.items():
        sources = [str(HERE / each) if each.endswith(".c") else each for each in arguments]
        compile_c("-O2", *sources, "-o", str(directory / name))


def build_modules(directory: Path) -> None:
    """Two extensions that import from `directory`: one that is empty, and unchecked.c."""
    source = directory / "empty.c"
    source.write_text(EMPTY_MODULE)
    compile_module(directory / "empty", "-Wl,--no-as-needed", str(source))
    compile_module(directory / "unchecked", str(HERE / "unchecked.c"), str(HERE / "login.c"))


def compile_module(module: Path, *arguments: str) -> None:
    suffix, include = sysconfig.get_config_var("EXT_SUFFIX"), sysconfig.get_path("include")
    compile_c("-O3", "-shared", "-fPIC", f"-I{include}", *arguments, "-o", f"{module}{suffix}")


def compile_c(*arguments: str) -> None:
    """Compiles and links with the compiler and the libraries that setup.py takes."""
    flags = [os.environ.get(f"ZUORA_CONNECT_{kind}") for kind in ("CFLAGS", "LIBS")]
    if flags == [None, None]:
        flags = [output("pkg-config", "--cflags", "--libs", "libcurl", "libcjson", cwd=HERE)]
    libraries = [word for each in flags for word in shlex.split(each or "")]
    output(*shlex.split(os.environ.get("CC", "cc")), "-std=c11", *arguments, *libraries, cwd=HERE)


def make_python(directory: Path, tree: Path = ROOT) -> str:
    """-> an interpreter whose environment holds nothing but the package of `tree`, built in place.

    The one that develops it will not do: the finder of an editable install would be loaded before anything is measured.
    """
    output(sys.executable, "-m", "venv", "--without-pip", str(directory), cwd=ROOT)
    (site_packages,) = directory.glob("lib/python*/site-packages")
    (site_packages / "zuora_connect.pth").write_text(f"{tree}\n")
    python = str(directory / "bin/python")
    output(python, "-c", "import zuora_connect", cwd=directory)  # compiled now, not in the first child
    return python


def build_revision(revision: str) -> Path:
    """-> a tree of that revision, its extension built in place; kept in build/compare for the next time."""
    commit = output("git", "rev-parse", "--verify", "--short=12", f"{revision}^{{commit}}", cwd=ROOT)
    tree = ROOT / "build/compare" / commit
    if not (tree / "is built").exists():
        shutil.rmtree(tree, ignore_errors=True)
        tree.mkdir(parents=True)
        archive = str(tree / "tree.tar")
        output("git", "archive", "--output", archive, commit, cwd=ROOT)
        output("tar", "-xf", archive, cwd=tree)
        output(sys.executable, "setup.py", "-q", "build_ext", "--inplace", cwd=tree)
        (tree / "is built").touch()
    return tree
