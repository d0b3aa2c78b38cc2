"""The extension of the wheel: what it shows to others, needs of them, and tells about where it was built."""

from __future__ import annotations

import platform
import re
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path
from subprocess import PIPE, STDOUT

from built import ROOT, WHEEL

import zuora_connect

NEEDED = re.compile(r"lib(c|m|dl|rt|pthread)\.so\.\d|ld-linux-[a-z0-9-]+\.so\.\d")


def run(*command: str | Path) -> str:
    """-> what it printed, both streams."""
    environment = {"LC_ALL": "C", "PATH": "/usr/bin:/bin"}
    done = subprocess.run(command, stdout=PIPE, stderr=STDOUT, text=True, env=environment)
    assert done.returncode == 0, done.stdout
    return done.stdout


def test_it_runs_on_the_pinned_versions() -> None:
    info = zuora_connect.build_info()
    assert (info["libcurl"], info["cjson"]) == (WHEEL.versions["curl"], WHEEL.versions["cjson"])
    assert info["tls"] == f"OpenSSL/{WHEEL.versions['openssl']}"
    assert info["wipes_libcurl"] is True


def test_only_the_init_function_is_exported() -> None:
    symbols = run("nm", "-D", "--defined-only", WHEEL.extension).split("\n")
    assert [line.split()[-1] for line in symbols if line] == ["PyInit__core"]


def test_it_is_bound_at_once_and_then_read_only() -> None:
    dynamic = run("readelf", "-W", "--dynamic", WHEEL.extension)
    assert "GNU_RELRO" in run("readelf", "-W", "--segments", WHEEL.extension)
    assert re.search(r"\(FLAGS\) .*BIND_NOW|\(FLAGS_1\).* NOW", dynamic)
    assert "TEXTREL" not in dynamic
    assert "RPATH" not in dynamic and "RUNPATH" not in dynamic


def test_it_needs_the_c_library_only() -> None:
    names = re.findall(r"\(NEEDED\).*\[(.*)\]", run("readelf", "-W", "--dynamic", WHEEL.extension))
    assert names
    assert [name for name in names if not NEEDED.fullmatch(name)] == []


def test_no_path_of_the_build_stands_in_it() -> None:
    content = WHEEL.extension.read_bytes()
    for path in (ROOT, Path.home(), sys.prefix, "/tmp/", "/build", "ziglang"):
        assert str(path).encode() not in content


def test_no_folder_of_openssls_can_exist() -> None:
    content = WHEEL.extension.read_bytes()
    folders = re.findall(rb'(?:OPENSSLDIR|ENGINESDIR|MODULESDIR): "([^"]*)"', content)
    assert folders
    assert all(folder.startswith((b"/dev/null/", b"N/A")) for folder in folders)


def test_auditwheel_finds_it_portable() -> None:
    report = " ".join(run(WHEEL.tools / "auditwheel", "show", WHEEL.path).split())
    assert f'platform tag: "manylinux_2_17_{platform.machine()}"' in report
    assert "external shared libraries" not in report or "requires no external shared libraries" in report


def test_one_binary_serves_all_later_pythons() -> None:
    if sysconfig.get_config_var("Py_GIL_DISABLED"):
        assert f"cp3{sys.version_info.minor}t" in WHEEL.path.name
    else:
        assert WHEEL.extension.name == "_core.abi3.so"
        assert "-cp311-abi3-" in WHEEL.path.name
        report = run(WHEEL.tools / "abi3audit", "--strict", "--verbose", WHEEL.path)
        assert "0 ABI version mismatches and 0 ABI violations" in report


def test_wheel_is_small() -> None:
    assert WHEEL.path.stat().st_size <= 2_000_000


def test_wheel_holds_what_the_tree_holds() -> None:
    with zipfile.ZipFile(WHEEL.path) as archive:
        files = {name: archive.read(name) for name in archive.namelist() if name.startswith("zuora_connect/")}
    ours = {path.relative_to(ROOT).as_posix(): path.read_bytes() for path in ROOT.glob("zuora_connect/**/*.py")}
    assert ours.items() <= files.items()


def test_building_it_again_gives_the_same_bytes(tmp_path: Path) -> None:
    command: list[str | Path] = [
        WHEEL.tools / "python",
        ROOT / "tools/wheel",
        "--python",
        sys.executable,
        "--dist",
        tmp_path,
    ]
    subprocess.run(command, check=True, capture_output=True, cwd=tmp_path)
    assert (tmp_path / WHEEL.path.name).read_bytes() == WHEEL.path.read_bytes()
