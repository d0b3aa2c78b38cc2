"""The package as others get it: built from its sdist in a fresh environment; what is said when it cannot be built."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import sysconfig
import tarfile
from importlib.metadata import Distribution, PathDistribution
from pathlib import Path

import pytest

pytestmark = pytest.mark.usefixtures("c_compiler")

ROOT = Path(__file__).parent.parent
ENVIRONMENT = dict(os.environ)  # as it was before the fixtures clean it: flags for the build, ways to PyPI
PACKAGE_NAMES = ("libcurl4-openssl-dev", "libcurl-devel", "curl-dev", "brew install", "ZUORA_CONNECT_LIBS")


def run(*command: str | Path, cwd: Path) -> str:
    answer = subprocess.run(command, cwd=cwd, env=ENVIRONMENT, capture_output=True, text=True, timeout=300)
    assert answer.returncode == 0, answer.stdout + answer.stderr
    return answer.stdout


@pytest.fixture(scope="module")
def sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--sdist", "--outdir", folder, ROOT, cwd=folder)
    (path,) = folder.iterdir()
    return path


@pytest.fixture(scope="module")
def installed(sdist: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site-packages of a fresh environment into which pip has installed the sdist and nothing else."""
    folder = tmp_path_factory.mktemp("fresh")
    run(sys.executable, "-m", "venv", folder / "venv", cwd=folder)
    python = folder / "venv/bin/python"
    run(python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", sdist, cwd=folder)
    return Path(run(python, "-c", "import sysconfig; print(sysconfig.get_path('platlib'))", cwd=folder).strip())


@pytest.fixture(scope="module")
def distribution(installed: Path) -> Distribution:
    (folder,) = installed.glob("zuora_connect-*.dist-info")
    return PathDistribution(folder)


def test_sdist_holds_every_source_and_header(sdist: Path) -> None:
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    sources = {path.relative_to(ROOT).as_posix() for path in ROOT.glob("csrc/*/*.[ch]")}
    assert sources
    assert sources | {"setup.py", "pyproject.toml", "LICENSE", "README.md", "zuora_connect/py.typed"} <= names


def test_fresh_install_imports_and_knows_its_version(installed: Path, distribution: Distribution) -> None:
    python = installed.parents[2] / "bin/python"
    program = "import zuora_connect; print(zuora_connect.__version__, zuora_connect.build_info()['package'])"
    version = distribution.version
    assert run(python, "-W", "error", "-c", program, cwd=installed.parents[3]).split() == [version, version]


def test_fresh_install_brings_the_command(installed: Path) -> None:
    assert "us-2" in run(installed.parents[2] / "bin/zuora-connect", "environments", cwd=installed)


def test_fresh_install_brings_the_plugin_for_pytest(installed: Path, distribution: Distribution) -> None:
    plugins = [point.value for point in distribution.entry_points if point.group == "pytest11"]
    assert plugins == ["pytest_zuora_connect"]
    assert (installed / f"{plugins[0]}.py").is_file()


def test_installed_package_is_typed_and_small(installed: Path) -> None:
    files = [path for path in (installed / "zuora_connect").rglob("*") if "__pycache__" not in path.parts]
    assert {"py.typed", "_core.pyi", "answers.json", "connections_api.py"} <= {path.name for path in files}
    assert sum(path.stat().st_size for path in files if path.is_file()) < 1_000_000


def test_nothing_else_is_needed_at_run_time(distribution: Distribution) -> None:
    assert [need for need in distribution.requires or () if "extra ==" not in need] == []


def test_extension_serves_all_later_versions(installed: Path, distribution: Distribution) -> None:
    (extension,) = (installed / "zuora_connect").glob("*.so")
    tag = re.search(r"^Tag: (\S+)", distribution.read_text("WHEEL") or "", re.MULTILINE)
    assert tag
    if sysconfig.get_config_var("Py_GIL_DISABLED"):
        assert ".abi3." not in extension.name
    else:
        assert extension.name.endswith(".abi3.so")
        assert tag[1].startswith("cp311-abi3-")


def test_extension_exports_its_init_function_only(installed: Path) -> None:
    (extension,) = (installed / "zuora_connect").glob("*.so")
    options = ["-gU"] if sys.platform == "darwin" else ["-D", "--defined-only"]
    symbols = [line.split()[-1] for line in run("nm", *options, extension, cwd=installed).splitlines()]
    assert [symbol.removeprefix("_PyInit").removeprefix("PyInit") for symbol in symbols] == ["__core"]


# ---- what is missing is said in one message


def refusal(folder: Path, before: str = "", **environment: str) -> str:
    """What the build says when it must refuse; `before` runs ahead of setup.py, in the same interpreter."""
    program = f"import runpy, sys\n{before}\nrunpy.run_path('setup.py', run_name='__main__')"
    folders = [f"--build-temp={folder / 'temp'}", f"--build-lib={folder / 'lib'}"]
    command = [sys.executable, "-c", program, "build_ext", *folders]
    plain = {name: value for name, value in ENVIRONMENT.items() if not name.startswith("ZUORA_CONNECT_")}
    answer = subprocess.run(command, cwd=ROOT, env=plain | environment, capture_output=True, text=True, timeout=60)
    assert answer.returncode == 1
    assert "Traceback" not in answer.stderr
    assert not (folder / "temp").exists(), "something was compiled all the same"
    lines = answer.stderr.strip().splitlines()
    assert len(lines) < 12
    assert all(name in answer.stderr for name in PACKAGE_NAMES)
    return lines[0].removeprefix("zuora_connect cannot be built: ")


def header(folder: Path, name: str, text: str) -> str:
    """-> the flag under which the compiler finds this header before the system's."""
    path = folder / "include" / name
    path.parent.mkdir(parents=True)
    path.write_text(text)
    return f"-I{folder / 'include'}"


def test_missing_compiler_is_said_plainly(tmp_path: Path) -> None:
    assert refusal(tmp_path, CC="/nowhere/cc") == "there is no C compiler that works (/nowhere/cc was tried)."


def test_missing_python_headers_are_said_plainly(tmp_path: Path) -> None:
    said = refusal(tmp_path, CFLAGS=header(tmp_path, "Python.h", "#error not usable\n"))
    assert said == f"the headers of Python 3.{sys.version_info.minor} are missing (Python.h)."


def test_unusable_python_is_said_plainly(tmp_path: Path) -> None:
    assert "needs CPython" in refusal(tmp_path, before="sys.implementation.name = 'pypy'")


def test_missing_pkg_config_is_said_plainly(tmp_path: Path) -> None:
    assert refusal(tmp_path, PKG_CONFIG="/nowhere/pkg-config") == "/nowhere/pkg-config cannot be run."


def test_library_that_pkg_config_does_not_know_is_said_plainly(tmp_path: Path) -> None:
    fake = tmp_path / "pkg-config"
    fake.write_text("#!/bin/sh\necho 'Package libcurl was not found' >&2\nexit 1\n")
    fake.chmod(0o755)
    said = refusal(tmp_path, PATH=f"{tmp_path}:{ENVIRONMENT['PATH']}", PKG_CONFIG="pkg-config")
    assert said.startswith("pkg-config does not find libcurl and libcjson")
    assert "Package libcurl was not found" in said


def test_missing_header_is_said_plainly(tmp_path: Path) -> None:
    assert refusal(tmp_path, ZUORA_CONNECT_CFLAGS="-nostdinc") == "the headers of libcurl are missing (<curl/curl.h>)."


def test_old_libcurl_is_said_plainly(tmp_path: Path) -> None:
    old = "#define LIBCURL_VERSION_MAJOR 7\n#define LIBCURL_VERSION_MINOR 86\n#define LIBCURL_VERSION_PATCH 0\n"
    said = refusal(tmp_path, ZUORA_CONNECT_CFLAGS=header(tmp_path, "curl/curl.h", old))
    assert said == "libcurl 7.86.0 is too old, 7.87.0 or newer is needed."


def test_old_cjson_is_said_plainly(tmp_path: Path) -> None:
    old = "#define CJSON_VERSION_MAJOR 1\n#define CJSON_VERSION_MINOR 7\n#define CJSON_VERSION_PATCH 14\n"
    said = refusal(tmp_path, ZUORA_CONNECT_CFLAGS=header(tmp_path, "cjson/cJSON.h", old))
    assert said == "cJSON 1.7.14 is too old, 1.7.15 or newer is needed."


def test_library_that_cannot_be_linked_is_said_plainly(tmp_path: Path) -> None:
    said = refusal(tmp_path, ZUORA_CONNECT_LIBS="-L/nowhere -lno_such_curl")
    assert said == "a program cannot be linked to libcurl and cJSON (-L/nowhere -lno_such_curl)."
