"""Logs in as ZUORA_USERNAME, ZUORA_PASSWORD, ZUORA_BASE_URL say, then uses the session. May be given a CA file."""

import ssl
import sys
import urllib.request

import zuora_connect

ca_file = sys.argv[1] if len(sys.argv) > 1 else None
zuora = zuora_connect.connect(ca_file=ca_file).check()
print(zuora)

request = urllib.request.Request(zuora.url("/v1/catalog/products"), headers={"Cookie": str(zuora["sessionCookie"])})
with urllib.request.urlopen(request, context=ssl.create_default_context(cafile=ca_file)) as answer:
    print(answer.read().decode())
