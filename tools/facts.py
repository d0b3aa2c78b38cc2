"""Prints what a build is made of, as columns of the table of tools/matrix."""

import platform

from zuora_connect import build_info

info = build_info()
print(
    "facts:", " | ".join(str(fact) for fact in (info["libcurl"], info["tls"], info["cjson"], platform.python_version()))
)
