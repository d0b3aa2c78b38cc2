"""In a real Jupyter kernel, the stop button ends a call in every phase, and the next cell logs in."""

from __future__ import annotations

import ast
import json
import os
import time
from collections.abc import Iterator
from queue import Empty
from typing import Any

import pytest
from client import PATIENCE, PRELUDE
from servers import session
from stalls import TO_BE_STOPPED, Stage

os.environ["JUPYTER_PLATFORM_DIRS"] = "1"  # else the import warns
from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import KernelManager, start_new_kernel

SETTING_UP = PRELUDE + "import json, time; from client import login"
CALL = """
try:
    success = login(url, **options)["success"]
finally:
    ended = time.monotonic()
"""


class Kernel:
    def __init__(self, manager: KernelManager, client: BlockingKernelClient) -> None:
        self.manager = manager
        self.client = client

    def reply_to(self, message: str) -> dict[str, Any]:
        end = time.monotonic() + 10 * PATIENCE
        while time.monotonic() < end:
            try:
                reply = self.client.get_shell_msg(timeout=1)
            except Empty:
                continue
            if reply["parent_header"]["msg_id"] == message:
                content: dict[str, Any] = reply["content"]
                return content
        raise TimeoutError

    def run(self, code: str, **options: Any) -> dict[str, Any]:
        return self.reply_to(self.client.execute(code, **options))

    def prepare(self, url: str, options: dict[str, Any]) -> None:
        assert self.run(f"url, options = {url!r}, json.loads({json.dumps(options)!r})")["status"] == "ok"

    def value_of(self, expression: str) -> Any:
        shown = self.run("", user_expressions={"it": expression})["user_expressions"]["it"]
        return ast.literal_eval(shown["data"]["text/plain"])


@pytest.fixture(scope="module")
def kernel(preloaded: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kernel]:
    own = {"IPYTHONDIR": str(tmp_path_factory.mktemp("ipython")), "LD_PRELOAD": preloaded}
    manager, client = start_new_kernel(kernel_name="python3", env=os.environ | own)
    try:
        kernel = Kernel(manager, client)
        assert kernel.run(SETTING_UP)["status"] == "ok"
        yield kernel
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


@pytest.mark.parametrize("phase", ["resolve", "connect", "proxy", "tls", "send", "wait", "read", "backoff"])
def test_stop_button_ends_a_call_in_every_phase(kernel: Kernel, stage: Stage, phase: str) -> None:
    url, options = TO_BE_STOPPED[phase](stage)
    kernel.prepare(url, options)
    call = kernel.client.execute(CALL, stop_on_error=False)
    time.sleep(0.2)
    sent = time.monotonic()
    kernel.manager.interrupt_kernel()
    reply = kernel.reply_to(call)
    assert (reply["status"], reply["ename"]) == ("error", "KeyboardInterrupt")
    late = kernel.value_of("ended") - sent
    assert -0.1 <= late <= 0.3, late
    kernel.prepare(stage.serve(session()).url, {})
    assert kernel.run(CALL)["status"] == "ok"
    assert kernel.value_of("success") is True


def test_login_asks_in_a_notebook(kernel: Kernel, stage: Stage) -> None:
    server = stage.serve(session())
    kernel.run("import os; os.environ['PYTHON_KEYRING_BACKEND'] = 'keyring.backends.null.Keyring'")
    kernel.run("os.environ['XDG_CONFIG_HOME'] = '/nonexistent'; import zuora_connect")
    asked = kernel.client.execute(f"zuora = zuora_connect.login(base_url={server.url!r})", allow_stdin=True)
    for typed in ("typed-user", "typed-password"):
        question = kernel.client.get_stdin_msg(timeout=20 * PATIENCE)["content"]
        assert question["password"] is (typed == "typed-password")
        kernel.client.input(typed)
    assert kernel.reply_to(asked)["status"] == "ok"
    assert kernel.value_of("zuora.source") == {"username": "prompt", "password": "prompt", "base_url": "argument"}
    assert server.requests[0].header("apiSecretAccessKey") == b"typed-password"


def test_login_in_a_notebook_that_nobody_watches_says_what_is_missing(kernel: Kernel) -> None:
    kernel.run("os.environ['PYTHON_KEYRING_BACKEND'] = 'keyring.backends.null.Keyring'; import zuora_connect")
    reply = kernel.run("zuora_connect.login()", allow_stdin=False, stop_on_error=False)
    assert (reply["ename"], reply["evalue"].partition(";")[0]) == ("ValueError", "username: is missing")
