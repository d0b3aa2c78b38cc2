"""The sandbox of one test run: two doors that stay open, and the scene of the test that is on.

Logins come over TLS, so that nobody but this process can take one. Their sessions are used over plain http, so that
every HTTP client can without knowing our CA. Each scene has a number, which leads the path of its logins: so no
connection is kept from one test to another, and what a thread of an earlier test still sends is not this test's. What
other processes send is: pools of workers live through many tests.
"""

from __future__ import annotations

import os
import secrets
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import trustme

from zuora_connect._diversion import VARIABLE, sandbox_text, set_diversion
from zuora_connect._profile import FILE
from zuora_connect.sandbox import Answer
from zuora_connect.sandbox._server import Server
from zuora_connect.sandbox._tenant import LOGIN_PATH, USERS, Reply, Request

from ._request import ASKED
from ._scene import Scene, UnusedAnswer
from ._zuora import Zuora

PROCESS_HEADER = f"{ASKED}process"
OVER = Answer(410, "Gone", (("Content-Length", "{length}"), ("Connection", "close")), b"The test is over.\n")


class Stage:
    """Open from its making to close(). `folder` takes the CA's certificate; the keys stay in memory."""

    def __init__(self, folder: Path) -> None:
        ca = trustme.CA()
        self._ca_file = folder / "ca.pem"
        self._profiles = folder / FILE  # where a login looks for them while it is diverted to this CA
        ca.cert_pem.write_to_path(str(self._ca_file))
        self._password = secrets.token_urlsafe(12)
        self._number = 0
        self._scene: Scene | None = None
        self._tls = Server(self, 0, ca)
        self._plain = Server(self, 0, None)

    def close(self) -> None:
        self._tls.close()
        self._plain.close()

    def reply(self, request: Request) -> Reply:
        scene, number = self._scene, self._number
        prefix, slash, rest = request.path.removeprefix("/").partition("/")
        if prefix.isdigit() and slash + rest == LOGIN_PATH:
            request = replace(request, path=LOGIN_PATH)
            if prefix != str(number) and request.headers.get(PROCESS_HEADER) == b"%d" % os.getpid():
                scene = None
        return Reply(OVER.rendered(), closes=True) if scene is None else scene.reply(request)

    @contextmanager
    def scene(self) -> Iterator[Zuora]:
        """One test: until its end every login of this process comes here. Warns of scripted answers that are left."""
        username, password = USERS[0], self._password
        scene = Scene(username, password)
        self._number += 1
        self._scene = scene
        login_url = f"https://127.0.0.1:{self._tls.port}/{self._number}"
        base_url = f"http://127.0.0.1:{self._plain.port}"
        text = sandbox_text(login_url, base_url, str(self._ca_file))
        variables = {VARIABLE: text, "ZUORA_USERNAME": username, "ZUORA_PASSWORD": password}
        before = set_diversion(text)
        try:
            yield Zuora(
                scene,
                base_url=base_url,
                username=username,
                password=password,
                variables=variables,
                profiles=self._profiles,
            )
        finally:
            set_diversion(before)
            self._profiles.unlink(missing_ok=True)
            self._scene = None
            scene.end()
        _warn_of_unused(scene)


def _warn_of_unused(scene: Scene) -> None:
    if unused := [line.said for line in scene.unused()]:
        warnings.warn(UnusedAnswer(f"nothing asked for zuora.{', zuora.'.join(unused)}"), stacklevel=2)
