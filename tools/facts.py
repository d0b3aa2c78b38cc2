"""Prints what the installed package runs on, as columns of the table of tools/matrix.py."""

import platform
import sys

import zuora_connect
from zuora_connect import _core

if not str(_core.__file__).startswith(sys.prefix):
    sys.exit(f"facts: this is not what pip installed: {_core.__file__}")
info = zuora_connect.build_info()
c_library = " ".join(platform.libc_ver()) or platform.system()
print("facts:", " | ".join([platform.python_version(), c_library, *(str(info[name]) for name in ("libcurl", "tls"))]))
