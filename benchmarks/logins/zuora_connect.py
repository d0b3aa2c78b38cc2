"""zuora_connect: there is no client to keep, the library keeps its connections."""

import zuora_connect

from . import HEADERS, TIMEOUT_S, Calls


def kept(url: str, ca: str, calls: Calls) -> str:
    base_url = url.removesuffix("/v1/connections")
    user, password = HEADERS["apiAccessKeyId"], HEADERS["apiSecretAccessKey"]
    session = ""
    for _ in calls:
        zuora = zuora_connect.connect(
            user, password, base_url=base_url, ca_file=ca, timeout=TIMEOUT_S, retries=0, check=True
        )
        session = str(zuora["sessionCookie"])
        if not zuora["rateLimit"]["remaining"]:
            raise RuntimeError(f"not the answer of the benchmark's server: {zuora}")
    return session
