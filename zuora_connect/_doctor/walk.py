"""The steps in their order. After one that failed no other is taken: the password is sent at the end of a good way."""

from __future__ import annotations

from time import monotonic

from zuora_connect._doctor.addresses import in_words
from zuora_connect._doctor.findings import Finding, StepFailed, Told
from zuora_connect._doctor.login import log_in
from zuora_connect._doctor.tls import shake_hands
from zuora_connect._doctor.way import Way

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from zuora_connect._core import _Plan

STEPS = ("proxy", "dns", "tcp", "tunnel", "tls", "login")


def walk(
    plan: _Plan, options: Mapping[str, object], ask_password: Callable[[], str | None] | None
) -> Iterator[Finding]:
    """What each step came to, as soon as it is known.

    `options` are those of connect(), without the password; `ask_password` is called when all before the login went
    well, and what it raises is let out; None: no login.
    """
    way = Way(plan, options)
    steps = (way.choose_proxy, way.look_up, way.connect, way.pass_proxy, lambda: shake_hands(way))
    for number, step in enumerate(steps):
        finding = take(STEPS[number], step)
        yield finding
        if finding.outcome == "failed":
            for left in STEPS[number + 1 :]:
                yield Finding(left, "skipped", 0.0, f"not reached: {finding.step} failed")
            return
    if ask_password is None:
        yield Finding("login", "skipped", 0.0, "left out by --no-login")
        return
    password = ask_password()
    yield take("login", lambda: log_in(options, password))


def take(name: str, step: Callable[[], Told]) -> Finding:
    began = monotonic()
    outcome: StepFailed | Told
    try:
        outcome = step()
    except StepFailed as failed:
        outcome = failed
    except OSError as error:
        outcome = StepFailed(
            f"the connection failed: {in_words(error.errno or 0)}", "Try again; it went well a step before."
        )
    ms = (monotonic() - began) * 1000
    if isinstance(outcome, Told):
        return Finding(name, outcome.outcome, ms, outcome.message, None, outcome.lines, outcome.details)
    said, advice = str(outcome), outcome.next
    return Finding(name, "failed", ms, said, advice, outcome.lines, outcome.details, is_refusal=outcome.is_refusal)
