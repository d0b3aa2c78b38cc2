"""A keyring that is a file, for children: PYTHON_KEYRING_BACKEND names it, KEPT_KEYRING its file."""

from __future__ import annotations

import json
import os
from pathlib import Path

from keyring.backend import KeyringBackend
from keyring.credentials import SimpleCredential
from keyring.errors import PasswordDeleteError


class Keyring(KeyringBackend):
    priority = 1

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.path = Path(os.environ["KEPT_KEYRING"])

    @property
    def kept(self) -> list[list[str]]:
        """service, user name, password"""
        return json.loads(self.path.read_text()) if self.path.exists() else []

    def get_password(self, service: str, username: str) -> str | None:
        return next((kept[2] for kept in self.kept if kept[:2] == [service, username]), None)

    def get_credential(self, service: str, username: str | None) -> SimpleCredential | None:
        if username is None and "KEPT_KEYRING_KNOWS_NO_USERS" in os.environ:  # as most backends
            return None
        kept = [kept for kept in self.kept if kept[0] == service and username in (None, kept[1])]
        return SimpleCredential(kept[0][1], kept[0][2]) if kept else None

    def set_password(self, service: str, username: str, password: str) -> None:
        self.path.write_text(json.dumps([*self.kept, [service, username, password]]))

    def delete_password(self, service: str, username: str) -> None:
        left = [kept for kept in self.kept if kept[:2] != [service, username]]
        if left == self.kept:
            raise PasswordDeleteError("there is none")
        self.path.write_text(json.dumps(left))
