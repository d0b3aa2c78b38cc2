"""requests: a session, or requests.post()."""

from functools import partial

import requests

from . import requests_style

kept = partial(requests_style.kept, requests)
anew = partial(requests_style.anew, requests)
