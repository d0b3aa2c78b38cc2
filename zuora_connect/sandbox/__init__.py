"""A Zuora to log in to, inside this process: for tests, notebooks and trying things out without a tenant.

    with zuora_connect.sandbox.start() as zuora:
        zuora_connect.connect(zuora.username, zuora.password, base_url=zuora.base_url, ca_file=zuora.ca_file)

It listens on 127.0.0.1 only, over real TLS, and answers what Zuora's reference and recorded traffic show; answers.json
holds every answer with a mark that says how sure it is. Needs the extra: pip install 'zuora-connect[sandbox]'.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._answers import ANSWERS, Answer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ._sandbox import Sandbox

__all__ = ["ANSWERS", "Answer", "start"]


def start(
    *,
    port: int = 0,
    users: Mapping[str, str] | None = None,
    oauth_clients: Mapping[str, str] | None = None,
    entities: Mapping[str, str] | None = None,
    session_seconds: float = 900.0,
) -> Sandbox:
    """Start a sandbox; it runs in threads of this process until its close() or the end of its with block.

    port: on 127.0.0.1; 0 takes a free one. users: name to password; by default three users with fresh passwords.
    oauth_clients: id to secret, for POST /oauth/token as the official SDK sends it (which takes ids of 36 characters
    only); by default one. entities: hyphenated id to name; by default one. session_seconds: how long a session lives
    after its last call; the default is Zuora's own.

    Raises ImportError when the extra's libraries are missing, OSError when the port is taken, ValueError for no users
    or a session_seconds that is not above 0.
    """
    try:
        from ._sandbox import Sandbox
    except ModuleNotFoundError as error:
        raise ImportError(f"the sandbox needs {error.name}: pip install 'zuora-connect[sandbox]'") from error
    return Sandbox(
        port=port, users=users, oauth_clients=oauth_clients, entities=entities, session_seconds=session_seconds
    )
