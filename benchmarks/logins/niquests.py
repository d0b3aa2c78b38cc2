"""niquests: a session, or niquests.post()."""

from functools import partial

import niquests

from . import requests_style

kept = partial(requests_style.kept, niquests)
anew = partial(requests_style.anew, niquests)
