"""What the pytest fixture `zuora` hands to a test, for annotations and `pytest.raises`; see docs/testing.md.

The fixture comes with the package and needs no import. It needs the extra: pip install 'zuora-connect[sandbox]'.
"""

from zuora_connect._diversion import LoginBlocked

from ._request import Request
from ._scene import UnusedAnswer
from ._zuora import Zuora

__all__ = ["LoginBlocked", "Request", "UnusedAnswer", "Zuora"]
