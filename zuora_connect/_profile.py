"""Profiles: tables of `~/.config/zuora_connect/config.toml`, each of them one login's values by the names of connect().

A profile belongs to one place. Where something that ranks higher names another place, none of it is used: its password,
certificates and proxy were never meant for that.
"""

from __future__ import annotations

import os

from zuora_connect._diversion import folder_of_tests
from zuora_connect._environments import ENVIRONMENTS, SDK_NAMES, close_names, is_same_place, url_of
from zuora_connect._private_file import Unusable, read_private
from zuora_connect._text import printable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from zuora_connect._form import Form

DEFAULT = "default"
FILE = "config.toml"

_TEXTS = ("username", "password", "environment", "base_url", "entity_id", "entity_name", "entity_ids", "proxy")
_FILES = ("ca_file", "ca_dir", "client_cert", "client_key")
_SECONDS = ("timeout", "connect_timeout")
_KEYS = (*_TEXTS, *_FILES, "client_key_password", *_SECONDS, "retries")
_SECRETS = ("password", "client_key_password")

#: Where one is given, the others are no business of a profile any more.
_GROUPS = (
    ("entity_id", "entity_name", "entity_ids"),
    ("ca_file", "ca_dir"),
    ("client_cert", "client_key", "client_key_password"),
)


class BadProfile(ValueError):
    """The file or the profile cannot be used. Says which key, and never its value."""


def path_of_profiles() -> str:
    """In the folder `zuora_connect` of XDG_CONFIG_HOME, if that is an absolute path, or else of ~/.config.

    While tests divert logins, in the sandbox's folder: what a developer has stored is no business of theirs.
    """
    tests = folder_of_tests()
    if tests is not None:
        return os.path.join(tests, FILE)
    home = os.environ.get("XDG_CONFIG_HOME", "")
    if not os.path.isabs(home):
        home = os.path.expanduser("~/.config")
    return os.path.join(home, "zuora_connect", FILE)


def judge_name(name: object) -> None:
    if name is not None and not isinstance(name, str):
        raise TypeError(f"profile: must be a str, not {type(name).__name__}")
    if name == "":
        raise ValueError("profile: is empty")


def fill_in(form: Form) -> None:
    """Add what the profile has and the form lacks. Raises BadProfile."""
    path = path_of_profiles()
    profile = _read(path, form.profile)
    if profile is None:
        return
    name = printable(form.profile or DEFAULT)
    source = f"profile {name}"
    place = _place(profile)
    if place is None and any(key in profile for key in _SECRETS):
        raise BadProfile(f"profile: [{name}] in {path} has a secret, but no environment or base_url that it belongs to")
    if place is not None and not form.lacks("base_url") and not is_same_place(place, form.place):
        form.notes.append(f"{source} is not for the place that the {form.source['base_url']} names")
        return
    if place is not None and form.lacks("base_url"):
        form.add("base_url", place, source)
    if _is_of_another_user(profile, form) and profile.pop("password", None) and form.lacks("password"):
        form.notes.append(f"{source} has one for another user")
    for key in _open(profile, form):
        form.add(key, profile[key], source)


def _is_of_another_user(profile: dict[str, object], form: Form) -> bool:
    return "username" in profile and not form.lacks("username") and not form.has("username", profile["username"])


def _open(profile: dict[str, object], form: Form) -> list[str]:
    """The keys of a profile that nothing else answers."""
    groups = {key: group for group in _GROUPS for key in group}
    return [
        key
        for key in profile
        if key not in ("environment", "base_url") and all(form.lacks(other) for other in groups.get(key, (key,)))
    ]


def _place(profile: dict[str, object]) -> str | None:
    if "environment" in profile:
        return url_of(str(profile["environment"]))
    return str(profile["base_url"]) if "base_url" in profile else None


def _read(path: str, wanted: str | None) -> dict[str, object] | None:
    """The profile, judged; None if nobody asked for it and there is none."""
    profiles = _parse(path)
    if profiles is None:
        if wanted is not None:
            raise BadProfile(f"profile: there is no file {path}")
        return None
    name = DEFAULT if wanted is None else wanted
    if name not in profiles:
        if wanted is not None:
            raise BadProfile(f"profile: is none of those in {path}; {_nearest(wanted, profiles)}")
        return None
    profile = profiles[name]
    where = f"[{printable(name)}] in {path}"
    if not isinstance(profile, dict):
        raise BadProfile(f"profile: {printable(name)} in {path} is no table; write [{printable(name)}] above its keys")
    _judge(profile, where)
    for key in set(_FILES) & profile.keys():
        profile[key] = os.path.join(os.path.dirname(path), os.path.expanduser(profile[key]))
    return profile


def _parse(path: str) -> dict[str, object] | None:
    try:
        content = read_private(path)
    except Unusable as problem:
        raise BadProfile(f"profile: {path} {problem}") from None
    if content is None:
        return None
    import tomllib

    try:
        return tomllib.loads(content.decode("utf-8-sig"))  # Windows marks it so
    except UnicodeDecodeError:
        raise BadProfile(f"profile: {path} is no UTF-8 text") from None
    except (ValueError, RecursionError) as error:
        raise BadProfile(f"profile: {path} is no TOML{_line_of(error)}") from None


def _line_of(error: Exception) -> str:
    """Of tomllib's message, which may quote a character, where the fault is."""
    import re

    found = re.search(r"\(at (line \d+, column \d+|end of document)\)", str(error))
    return f" ({found[1]})" if found else ""


def _judge(profile: dict[str, object], where: str) -> None:
    """Types and names; what may stand in a text is judged with all other arguments."""
    for key in profile:  # not items(): without memory for a pair CPython crashes
        value = profile[key]
        if key not in _KEYS:
            raise BadProfile(f"profile: {where} has a key that nobody knows, {_shown(key)}; {_nearest(key, _KEYS)}")
        kinds, expected = _kinds(key)
        if isinstance(value, bool) or not isinstance(value, kinds):
            raise BadProfile(f"profile: {where}: {key} must be {expected}")
        if value == "" and key in _FILES:
            raise BadProfile(f"profile: {where}: {key} is empty")
        if isinstance(value, str) and "\0" in value:
            raise BadProfile(f"profile: {where}: {key} contains NUL")
    if "environment" in profile and "base_url" in profile:
        raise BadProfile(f"profile: {where} has environment and base_url: give one of them")
    environment = profile.get("environment")
    if environment is not None and url_of(str(environment)) is None:
        names = _nearest(str(environment), (*ENVIRONMENTS, *SDK_NAMES))
        raise BadProfile(f"profile: {where}: environment is none of zuora_connect.ENVIRONMENTS; {names}")


def _kinds(key: str) -> tuple[tuple[type, ...], str]:
    if key in _SECONDS:
        return (int, float), "a number of seconds"
    return ((int,), "a whole number") if key == "retries" else ((str,), "text in quotes")


def _nearest(wrong: str, names: Iterable[str]) -> str:
    """The names that look most like this one, or a few of them all, for a message."""
    close = close_names(wrong, names)
    shown = ", ".join(map(_shown, close or list(names)[:20]))
    return f"the nearest: {shown}" if close else f"there are: {shown or 'none'}"


def _shown(name: str) -> str:
    return printable(name[:40])
