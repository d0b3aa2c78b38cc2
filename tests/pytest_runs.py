"""Runs of pytest with the plugin, as its users start them."""

from __future__ import annotations

from pathlib import Path

import pytest
from client import PATIENCE

LOG_IN = """
from zuora_connect import connect

def test_logs_in(zuora):
    assert connect(environment="eu", ca_file="/nowhere")["success"]
    assert len(zuora.requests) == 1
"""


def run(pytester: pytest.Pytester, *options: str | Path) -> pytest.RunResult:
    return pytester.runpytest_subprocess("-p", "no:cacheprovider", *options, timeout=60 * PATIENCE)
