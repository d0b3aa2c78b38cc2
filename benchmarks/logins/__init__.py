"""How one logs in with each client: a module each, which sends what the C program sends and reads what it reads.

kept(url, ca, calls) logs in for each of `calls` with one client, set up once, in its usual best form.
anew(url, ca, calls) does so as people usually write it for a single call, with a new client each time.
Both return the last session.
"""

TYPE_CHECKING = False  # without typing and collections: a login does not need them, and a cold process would pay
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    Calls = Iterable[object]
else:
    Calls = object

BODY = b"{}"
HEADERS = {
    "apiAccessKeyId": "user",
    "apiSecretAccessKey": "secret",
    "Content-Type": "application/json",
    "Accept": "application/json",
}
TIMEOUT_S = 30
READ = ("Set-Cookie", "RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset")


def read(answer: "Any", headers: "Any") -> str:
    """-> the session of an answer of the benchmark's server, by the headers under their names there."""
    session, *limits = [str(headers[name]) for name in READ]
    if answer["success"] is not True or not all(limits):
        raise RuntimeError(f"not the answer of the benchmark's server: {answer}, {limits}")
    return session
