"""Where to log in, whom to trust, and through what: the settings of the generated client that a login here has."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from os import PathLike
from typing import ClassVar

from zuora_connect._environments import DEFAULT_URL
from zuora_connect.compat._absent import Closed

_LOGGING = "a login logs on the logger zuora_connect, at DEBUG, by the module logging; delete the line"
_KEYS = "this call needs no other credentials than its own; delete the line"


class Configuration(Closed):
    """Settings for every call of an ApiClient; read when a call begins.

    host: the data center, `base_url` of connect(); default "https://rest.zuora.com". ssl_ca_cert: a file of CA
    certificates that replaces the system's store (the generated client replaced certifi's). cert_file, key_file: a
    client certificate and its key. proxy: a URL; None means none, whatever the environment says, as in the generated
    client. retries: tries after the first, 0 to 10; None means connect()'s own number, 2. username: held as in the
    generated client, where this call does not use it either.

    The values are judged by connect(), whose errors name its own argument. Any other setting is an AttributeError,
    which says what to do.
    """

    absent: ClassVar[Mapping[str, str]] = {
        "api_key": _KEYS,
        "api_key_prefix": _KEYS,
        "assert_hostname": "the server's certificate must bear the name in host; delete the line",
        "connection_pool_maxsize": "connections are kept by the library itself; delete the line",
        "debug": f"it printed the password; {_LOGGING}",
        "logger": _LOGGING,
        "logger_file": _LOGGING,
        "logger_format": _LOGGING,
        "password": "give it to the call, as api_secret_access_key",
        "safe_chars_for_path_param": "the path of this call has no parameters; delete the line",
        "temp_folder_path": "this call downloads no file; delete the line",
    }

    __slots__ = ("cert_file", "host", "key_file", "proxy", "retries", "ssl_ca_cert", "username")

    _default: ClassVar[Configuration | None] = None

    def __init__(self) -> None:
        self.host = DEFAULT_URL
        self.ssl_ca_cert: str | PathLike[str] | None = None
        self.cert_file: str | PathLike[str] | None = None
        self.key_file: str | PathLike[str] | None = None
        self.proxy: str | None = None
        self.retries: int | None = None
        self.username = ""
        if self._default is not None:
            for name in self.__slots__:
                setattr(self, name, getattr(self._default, name))

    @classmethod
    def set_default(cls, default: Configuration | None) -> None:
        """Begin every later Configuration() with a copy of these settings; None: with the built-in ones."""
        cls._default = copy.copy(default)

    @property
    def verify_ssl(self) -> bool:
        """Always True: the server is verified. Raises ValueError when it is set to anything false."""
        return True

    @verify_ssl.setter
    def verify_ssl(self, verify: bool) -> None:
        if not verify:
            raise ValueError(
                "verify_ssl: cannot be turned off, for whoever answers an unverified login gets the password; to trust "
                "a private CA, name its file as ssl_ca_cert"
            )
