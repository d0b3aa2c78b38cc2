"""Zuora's data centers and environments: where a tenant's login goes."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

#: Slug to base URL, as in "Access the API" of https://developer.zuora.com/v1-api-reference/.
ENVIRONMENTS: dict[str, str] = {
    "us-1": "https://rest.na.zuora.com",
    "us-2": "https://rest.zuora.com",
    "us-1-sandbox": "https://rest.sandbox.na.zuora.com",
    "us-2-sandbox": "https://rest.apisandbox.zuora.com",
    "us-test": "https://rest.test.zuora.com",
    "eu": "https://rest.eu.zuora.com",
    "eu-sandbox": "https://rest.sandbox.eu.zuora.com",
    "eu-test": "https://rest.test.eu.zuora.com",
    "ap": "https://rest.ap.zuora.com",
    "ap-test": "https://rest.test.ap.zuora.com",
}

#: The names of the official SDK (its `ZuoraEnvironment`) to our slugs.
SDK_NAMES: dict[str, str] = {
    "PROD_NA": "us-1",
    "PROD": "us-2",
    "SBX_NA": "us-1-sandbox",
    "SBX": "us-2-sandbox",
    "CSBX": "us-test",
    "PROD_EU": "eu",
    "SBX_EU": "eu-sandbox",
    "CSBX_EU": "eu-test",
    "PROD_AP": "ap",
    "CSBX_AP": "ap-test",
}

DEFAULT_URL = ENVIRONMENTS["us-2"]


def url_of(environment: str) -> str | None:
    """The base URL of a slug or of the official SDK's name, in any case; None if there is no such environment."""
    if not environment.isascii():  # other letters become ASCII when their case is changed
        return None
    slug = SDK_NAMES.get(environment.upper(), environment.lower())
    return ENVIRONMENTS.get(slug)


def normal_place(base_url: str) -> str:
    """One spelling for those of a base URL that mean the same: case, default port, slashes and /v1 at the end.

    What this does not see through counts as another place, which is the safe side.
    """
    scheme, _, rest = base_url.partition("://")
    host, slash, path = rest.partition("/")
    scheme, host = _lower(scheme), _lower(host)
    path = (slash + path).rstrip("/")
    path = path.removesuffix("/v1").rstrip("/")
    return f"{scheme}://{host.removesuffix({'https': ':443', 'http': ':80'}.get(scheme, ':'))}{path}"


def _lower(text: str) -> str:
    """ASCII alone: what becomes of other letters in a host name is for the resolver to say."""
    return text.encode(errors="surrogatepass").lower().decode(errors="surrogatepass")


def is_same_place(one: str, other: str) -> bool:
    return normal_place(one) == normal_place(other)


def nearest(environment: str) -> str:
    """The names that look most like this one, or every slug if none does, for a message."""
    return ", ".join(close_names(environment, (*ENVIRONMENTS, *SDK_NAMES)) or ENVIRONMENTS)


def close_names(wrong: str, names: "Iterable[str]") -> list[str]:
    """At most three of the names, those that look most like this one in any case."""
    from difflib import get_close_matches

    known = {name.lower(): name for name in names}
    return [known[name] for name in get_close_matches(wrong[:40].lower(), known, n=3)]
