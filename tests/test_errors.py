"""The tree of errors: its shape, what each one carries, and that it survives pickling, copying and `raise ... from`."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import pytest

from zuora_connect import Connection, errors

TREE: dict[type[errors.ZuoraError], tuple[type[BaseException], ...]] = {
    errors.ZuoraError: (Exception,),
    errors.Refused: (errors.ZuoraError,),
    errors.AuthenticationError: (errors.Refused,),
    errors.AccessDenied: (errors.Refused,),
    errors.EntityError: (errors.Refused,),
    errors.RateLimited: (errors.Refused,),
    errors.ServerError: (errors.Refused,),
    errors.NoAnswer: (errors.ZuoraError,),
    errors.ConnectError: (errors.NoAnswer, ConnectionError),
    errors.TLSError: (errors.NoAnswer,),
    errors.Timeout: (errors.NoAnswer, TimeoutError),
    errors.BadAnswer: (errors.NoAnswer,),
}
COMMON: dict[str, Any] = {
    "url": "https://rest.example.com/v1/connections",
    "status": 503,
    "request_id": "request-1",
    "retryable": True,
    "hint": "try the other door",
}
REASONS: list[errors.Reason] = [{"code": 50000070, "message": "slow down"}, {"code": "odd", "message": ""}]


def whole(kind: type[errors.ZuoraError]) -> errors.ZuoraError:
    """An error of this class with everything in it that the class can carry."""
    more: dict[str, Any] = {}
    if issubclass(kind, errors.Refused):
        connection = {"success": False, "sessionCookie": None, "status": 503, "reasons": REASONS}
        more = {"connection": Connection(connection, base_url="https://rest.example.com"), "reasons": REASONS}
    if issubclass(kind, errors.RateLimited | errors.ServerError):
        more["retry_after"] = 12.5
    if issubclass(kind, errors.Timeout):
        more["phase"] = "tls"
    if issubclass(kind, errors.TLSError):
        more["issuer_unknown"] = True
    return kind("what happened", **COMMON, **more)


def assert_same(after: errors.ZuoraError, before: errors.ZuoraError) -> None:
    assert type(after) is type(before)
    assert (str(after), repr(after), after.args) == (str(before), repr(before), before.args)
    assert vars(after) == vars(before)
    if isinstance(before, errors.Refused):
        assert isinstance(after, errors.Refused)
        assert type(after.connection) is type(before.connection)


def test_tree_is_the_documented_one() -> None:
    assert {kind: kind.__bases__ for kind in TREE} == TREE
    raised = {thing for thing in vars(errors).values() if isinstance(thing, type) and issubclass(thing, BaseException)}
    assert raised == set(TREE)


@pytest.mark.parametrize("kind", TREE)
@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_pickle_keeps_all_of_it(kind: type[errors.ZuoraError], protocol: int) -> None:
    assert_same(pickle.loads(pickle.dumps(whole(kind), protocol)), whole(kind))


@pytest.mark.parametrize("kind", TREE)
def test_copies_keep_all_of_it(kind: type[errors.ZuoraError]) -> None:
    assert_same(copy.copy(whole(kind)), whole(kind))
    assert_same(copy.deepcopy(whole(kind)), whole(kind))


@pytest.mark.parametrize("kind", TREE)
def test_raised_from_another_it_is_still_picklable(kind: type[errors.ZuoraError]) -> None:
    with pytest.raises(kind) as raised:
        raise whole(kind) from OSError(5, "the cause")
    assert_same(pickle.loads(pickle.dumps(raised.value)), whole(kind))
    assert_same(copy.deepcopy(raised.value), whole(kind))


@pytest.mark.parametrize("kind", TREE)
def test_every_attribute_is_there_and_has_a_default(kind: type[errors.ZuoraError]) -> None:
    error = kind("what happened")
    assert str(error) == "what happened"
    assert (error.url, error.status, error.request_id, error.retryable) == (None, None, None, False)
    assert error.hint == kind.hint
    if isinstance(error, errors.Refused):
        assert (error.connection, error.code, error.reasons) == (None, None, [])
    assert hasattr(error, "retry_after") == (kind in (errors.RateLimited, errors.ServerError))
    assert hasattr(error, "phase") == (kind is errors.Timeout)


def test_every_class_has_a_hint_of_its_own() -> None:
    hints = [kind.hint for kind in TREE]
    assert all(hint.endswith(".") for hint in hints)
    assert len(set(hints)) == len(hints)
    assert whole(errors.TLSError).hint == "try the other door"


@pytest.mark.parametrize("kind", [errors.ConnectError, errors.Timeout])
def test_os_errors_of_ours_have_no_errno(kind: type[errors.ConnectError | errors.Timeout]) -> None:
    error = whole(kind)
    assert isinstance(error, OSError)
    assert (error.errno, error.strerror, error.filename) == (None, None, None)
    assert error.args == ("what happened",)


def test_builtin_classes_catch_ours() -> None:
    with pytest.raises(ConnectionError):
        raise errors.ConnectError("no")
    with pytest.raises(TimeoutError):
        raise errors.Timeout("no")


def test_code_is_that_of_the_first_reason() -> None:
    error = whole(errors.Refused)
    assert isinstance(error, errors.Refused)
    assert error.code == 50000070
    assert error.reasons == REASONS


@pytest.mark.parametrize(
    ("status", "codes", "kind"),
    [
        (200, [90000020], errors.EntityError),
        (401, [90000011, 90000020], errors.EntityError),
        (429, [90000020], errors.EntityError),
        (429, [], errors.RateLimited),
        (429, [90000011], errors.RateLimited),
        (200, [70], errors.RateLimited),
        (200, [50000070], errors.RateLimited),
        (500, [50000070], errors.RateLimited),
        (500, [], errors.ServerError),
        (599, [], errors.ServerError),
        (501, [90000011], errors.ServerError),
        (200, [53100050], errors.ServerError),
        (200, [53100060], errors.ServerError),
        (401, [53100061], errors.ServerError),
        (200, [53100099], errors.ServerError),
        (401, [], errors.AuthenticationError),
        (401, [53100010], errors.AuthenticationError),
        (200, [90000011], errors.AuthenticationError),
        (403, [90000011], errors.AuthenticationError),
        (403, [], errors.AccessDenied),
        (200, [53100010], errors.AccessDenied),
        (200, [], errors.Refused),
        (404, [53100040], errors.Refused),
        (600, [], errors.Refused),
        (200, [53100030, 90000011], errors.Refused),  # the category is the first reason's
        (200, [11], errors.Refused),  # only a bare 70 is a category by itself
        (200, [61], errors.Refused),
        (200, [1000070], errors.Refused),  # seven digits
        (200, [100000070], errors.Refused),  # nine
        (200, [-90000011], errors.Refused),
        (200, ["odd"], errors.Refused),
        (200, [0], errors.Refused),
    ],
)
def test_refusal_class_is_the_documented_one(status: int, codes: list[int | str], kind: type[errors.Refused]) -> None:
    reasons: list[errors.Reason] = [{"code": code, "message": ""} for code in codes]
    assert errors.refusal_class(status, reasons) is kind
