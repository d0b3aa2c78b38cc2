"""The CA store is found where each distribution keeps it: the process runs in a root that is laid out like that one."""

from __future__ import annotations

import os
import shutil
import ssl
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from proxies import tunnel_to
from servers import Server, session

Serve = Callable[..., Server]

# Everything of this machine but /etc and /var, which are those of the root that is laid out.
ENTER = r"""
root=$1
shift
for entry in /* /.[!.]*; do
    name=${entry#/}
    if [ -L "$entry" ]; then
        cp -P "$entry" "$root/$name"
    elif [ -d "$entry" ] && [ "$name" != etc ] && [ "$name" != var ]; then
        mkdir -p "$root/$name"
        mount --rbind "$entry" "$root/$name"
    fi
done
cp /etc/ld.so.cache /etc/hosts "$root/etc/"
exec chroot "$root" "$@"
"""
LOGIN = """
import sys
import zuora_connect
sys.modules["certifi"] = None  # what the tests need brings it along
url, proxy = sys.argv[1:]
print([(store["kind"], store["path"]) for store in zuora_connect.build_info()["ca_stores"]])
try:
    print(zuora_connect.connect("user", "password", base_url=url, proxy=proxy)["success"])
except zuora_connect.errors.TLSError as error:
    print(error)
    print(error.hint)
"""


def directory(path: str) -> Callable[[Path, Path], None]:
    def lay(root: Path, ca_file: Path) -> None:
        folder = root / path
        folder.mkdir(parents=True)
        shutil.copy(ca_file, folder / "ca.pem")
        subprocess.run(["openssl", "rehash", folder], check=True, capture_output=True)

    return lay


def bundle(path: str) -> Callable[[Path, Path], None]:
    def lay(root: Path, ca_file: Path) -> None:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ca_file, root / path)

    return lay


def link(path: str, target: str) -> Callable[[Path, Path], None]:
    def lay(root: Path, _: Path) -> None:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).symlink_to(target)

    return lay


FEDORA, SUSE = "etc/pki/ca-trust/extracted/pem", "var/lib/ca-certificates"
FEDORA_LINKS = (link("etc/pki/tls/cert.pem", f"/{FEDORA}/tls-ca-bundle.pem"), link("etc/ssl/certs", "../pki/tls/certs"))
LAYOUTS = {
    "Debian": ("/etc/ssl/certs", directory("etc/ssl/certs"), bundle("etc/ssl/certs/ca-certificates.crt")),
    "Debian, bundle only": ("/etc/ssl/certs/ca-certificates.crt", bundle("etc/ssl/certs/ca-certificates.crt")),
    "Fedora": (
        f"/{FEDORA}/directory-hash",
        *(directory(f"{FEDORA}/directory-hash"), bundle(f"{FEDORA}/tls-ca-bundle.pem")),
        *(bundle("etc/pki/tls/certs/ca-bundle.crt"), *FEDORA_LINKS),
    ),
    "Fedora 40": (
        f"/{FEDORA}/tls-ca-bundle.pem",
        *(bundle(f"{FEDORA}/tls-ca-bundle.pem"), *FEDORA_LINKS),
        link("etc/pki/tls/certs/ca-bundle.crt", f"/{FEDORA}/tls-ca-bundle.pem"),
    ),
    "SUSE": (
        "/etc/ssl/certs",
        *(directory(f"{SUSE}/pem"), bundle(f"{SUSE}/ca-bundle.pem"), link("etc/ssl/certs", f"/{SUSE}/pem")),
        link("etc/ssl/ca-bundle.pem", f"/{SUSE}/ca-bundle.pem"),
    ),
    "SUSE, no link": (f"/{SUSE}/pem", directory(f"{SUSE}/pem")),
    "Alpine": (
        "/etc/ssl/certs/ca-certificates.crt",
        *(bundle("etc/ssl/certs/ca-certificates.crt"), link("etc/ssl/cert.pem", "certs/ca-certificates.crt")),
    ),
    "Alpine, cert.pem only": ("/etc/ssl/cert.pem", bundle("etc/ssl/cert.pem")),
}


def log_in_there(root: Path, url: str, proxy: str) -> list[str]:
    (root / "etc").mkdir(exist_ok=True)
    (root / "var").mkdir(exist_ok=True)
    space = ["unshare", "--mount"] if os.geteuid() == 0 else ["unshare", "--mount", "--map-root-user"]
    command: list[str | Path] = [*space, "sh", "-euc", ENTER, "sh", root, sys.executable, "-I", "-c", LOGIN, url, proxy]
    child = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert child.returncode == 0, child.stderr
    return child.stdout.splitlines()


@pytest.mark.parametrize("through", ["directly", "https proxy"])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_store_of_each_distribution_is_found(
    serve: Serve, tls: ssl.SSLContext, ca_file: Path, tmp_path: Path, layout: str, through: str
) -> None:
    first, *steps = LAYOUTS[layout]
    for lay in steps:
        assert callable(lay)
        lay(tmp_path, ca_file)
    server = serve(session(), tls=tls)
    proxy = serve(tunnel_to(server.port), tls=tls).url if through == "https proxy" else ""
    stores, outcome = log_in_there(tmp_path, server.url, proxy)
    assert stores.startswith("[") and f"'{first}')" in stores.split("), ")[0] + ")"
    assert outcome == "True"


def test_machine_without_any_store_says_what_to_install(serve: Serve, tls: ssl.SSLContext, tmp_path: Path) -> None:
    server = serve(session(), tls=tls)
    stores, message, hint = log_in_there(tmp_path, server.url, "")
    assert stores == "[]"
    assert "no CA store was found on this machine" in message
    assert all(word in hint for word in ("ca-certificates", "certifi", "ca_file", "SSL_CERT_FILE"))
    assert server.connections == []


def test_https_proxy_of_a_machine_without_any_store_is_not_trusted(
    serve: Serve, tls: ssl.SSLContext, tmp_path: Path
) -> None:
    proxy = serve(tls=tls)
    _, message, _ = log_in_there(tmp_path, "https://zuora.test", proxy.url)
    assert "no CA store was found on this machine" in message
    assert proxy.connections == []
