"""The wheel tried where nothing else is installed: imported, then one login over TLS at a sandbox beside it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from subprocess import PIPE

from interpreter import Interpreter
from sources import Source
from steps import BUILD, ROOT, Stop, run

PATIENCE_S = 20
LOGIN = """
import sys
import zuora_connect
url, ca_file, username, password = sys.argv[1:]
zuora_connect.connect(username, password, base_url=url, ca_file=ca_file, check=True, proxy="")
info = zuora_connect.build_info()
print(info["libcurl"], info["tls"], info["cjson"], info["wipes_libcurl"])
"""


def install(wheel: Path, python: Interpreter, name: str) -> Path:
    """-> the Python of a fresh environment with this wheel and nothing else."""
    folder = BUILD / "trial" / name
    shutil.rmtree(folder, ignore_errors=True)
    run(python.path, "-m", "venv", "--without-pip", folder)
    options = ("--quiet", "--disable-pip-version-check", "--no-index", "--no-deps")
    # Its own pip: older ones do not know the tags of newer Pythons.
    run(python.path, "-m", "pip", "--python", folder / "bin/python", "install", *options, wheel)
    return folder / "bin/python"


def log_in(python: Path) -> str:
    """-> what it ran on."""
    command = [sys.executable, "-m", "zuora_connect", "sandbox"]
    with subprocess.Popen(command, cwd=ROOT, stdin=PIPE, stdout=PIPE, text=True) as sandbox:
        assert sandbox.stdout is not None
        try:
            facts = [sandbox.stdout.readline().strip().partition(" ")[2].strip() for _ in range(4)]
            return run(python, "-I", "-W", "error", "-c", LOGIN, *facts, cwd=python.parent).strip()
        finally:
            sandbox.terminate()
            sandbox.wait(PATIENCE_S)


def expected(sources: dict[str, Source]) -> str:
    versions = {name: source.upstream for name, source in sources.items()}
    return f"{versions['curl']} OpenSSL/{versions['openssl']} {versions['cjson']} True"


def fault(wheel: Path, python: Interpreter, sources: dict[str, Source]) -> list[str]:
    """-> what went wrong, if anything did."""
    try:
        found = log_in(install(wheel, python, python.abi))
    except Stop as stop:
        return [f"in a clean environment {stop}"]
    return [] if found == expected(sources) else [f"it runs on {found} and not on {expected(sources)}"]
