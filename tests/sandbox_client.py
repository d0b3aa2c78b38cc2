"""A client of the sandbox that is not ours: http.client and raw TLS sockets."""

from __future__ import annotations

import http.client
import json
import socket
import ssl

from client import PATIENCE

from zuora_connect.sandbox._sandbox import Sandbox

SECONDS = 10.0 * PATIENCE


def address(zuora: Sandbox) -> tuple[str, int]:
    host, _, port = zuora.base_url.removeprefix("https://").partition(":")
    return host, int(port)


def client(zuora: Sandbox) -> http.client.HTTPSConnection:
    context = ssl.create_default_context(cafile=zuora.ca_file)
    return http.client.HTTPSConnection(*address(zuora), context=context, timeout=SECONDS)


def credentials(zuora: Sandbox, **more: str) -> dict[str, str]:
    return {"apiAccessKeyId": zuora.username, "apiSecretAccessKey": zuora.password} | more


class Got:
    def __init__(self, response: http.client.HTTPResponse) -> None:
        self.status = response.status
        self.headers = response.headers
        self.body = response.read()

    @property
    def session(self) -> str | None:
        for line in self.headers.get_all("Set-Cookie", []):
            name, _, rest = line.partition("=")
            if name == "ZSession":
                return str(rest.partition(";")[0])
        return None

    @property
    def codes(self) -> list[int]:
        return [reason["code"] for reason in json.loads(self.body)["reasons"]]


def call(connection: http.client.HTTPSConnection, method: str, path: str, headers: dict[str, str]) -> Got:
    connection.request(method, path, "{}" if method == "POST" else None, headers)
    return Got(connection.getresponse())


def ask(zuora: Sandbox, method: str, path: str, headers: dict[str, str]) -> Got:
    connection = client(zuora)
    try:
        return call(connection, method, path, headers)
    finally:
        connection.close()


def login(zuora: Sandbox, **more: str) -> Got:
    return ask(zuora, "POST", "/v1/connections", credentials(zuora, **more))


def catalog(zuora: Sandbox, session: str | None) -> Got:
    return ask(zuora, "GET", "/v1/catalog/products", {"Cookie": f"AWSALB=x; ZSession={session}"} if session else {})


def raw_answer(zuora: Sandbox, request: bytes) -> tuple[str, list[tuple[str, str]], bytes]:
    """Status line, headers as spelt, and body of an answer on a connection that the request closes."""
    context = ssl.create_default_context(cafile=zuora.ca_file)
    with (
        socket.create_connection(address(zuora), timeout=SECONDS) as plain,
        context.wrap_socket(plain, server_hostname="localhost") as tls,
    ):
        tls.sendall(request)
        data = b"".join(iter(lambda: tls.recv(65536), b""))
    head, _, body = data.partition(b"\r\n\r\n")
    status, *lines = head.decode("latin-1").split("\r\n")
    headers = [(name, value) for name, _, value in (line.partition(": ") for line in lines)]
    return status, headers, body
