"""Each file of the C core, by a small C driver under AddressSanitizer and UBSan."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from client import PATIENCE
from core_build import DRIVERS, builder

pytestmark = pytest.mark.usefixtures("c_compiler")


@pytest.mark.parametrize("driver", sorted(DRIVERS.glob("test_*.c")), ids=lambda driver: driver.stem)
def test_core(driver: Path, tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> None:
    program = builder(tmp_path_factory.getbasetemp()).program(driver)
    done = subprocess.run(
        [program], stdin=subprocess.DEVNULL, capture_output=True, text=True, cwd=tmp_path, timeout=120 * PATIENCE
    )
    assert done.returncode == 0, done.stdout + done.stderr
