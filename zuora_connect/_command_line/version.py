"""`zuora-connect --version`: what a login runs on; worth quoting in a bug report."""

from __future__ import annotations

import json

from zuora_connect import _core


def as_json() -> str:
    return json.dumps(_core.build_info())


def as_text() -> str:
    info = _core.build_info()
    wiped = "all copies of secrets" if info["wipes_libcurl"] else "our copies of secrets, not libcurl's"
    rows = [("libcurl", info["libcurl"]), ("TLS", info["tls"]), ("cJSON", info["cjson"]), ("wiped", wiped)]
    rows += [("CA store", f"{store['path']} ({store['kind']})") for store in info["ca_stores"]]
    return "\n".join([f"zuora-connect {info['package']}", *(f"{name:10}{value}" for name, value in rows)])
