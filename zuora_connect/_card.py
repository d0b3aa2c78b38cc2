"""The card that a notebook shows of a login: a Connection -> HTML. Imported when one is shown.

It holds no cookie and no user name. Its colours are those of the page around it, so that it is readable in any theme,
light or dark. It needs no script and no style sheet: Jupyter drops both from notebooks that it does not trust. What is
not ours stands in `code`, which MathJax does not typeset (its option skipHtmlTags; skipTags before version 3).
"""

from html import escape

from zuora_connect._text import printable
from zuora_connect.errors import RateLimited, refusal_class

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from zuora_connect._connection import Connection
    from zuora_connect.errors import Reason, Refused

_MAX_REASONS, _MAX_CHARACTERS = 5, 500  # a card is for reading; the dictionary holds the rest

_GREEN, _AMBER, _RED = "#1a9850", "#d98200", "#d9483b"  # each 3 to 1 or better on white and on black

_CARD = (
    "max-width:44em;padding:.7em 1em;border:1px solid rgba(128,128,128,.45);border-left:5px solid {colour};"
    "border-radius:6px;color:inherit;background:rgba(128,128,128,.07);font-family:system-ui,sans-serif;"
    "font-size:13px;line-height:1.45"
)
_LIST = "display:grid;grid-template-columns:max-content minmax(0,1fr);gap:.3em 1.1em;margin:.6em 0 0;padding:0"
_TERM = "float:none;width:auto;margin:0;padding:0;font-weight:400;opacity:.75"
_VALUE = "float:none;width:auto;margin:0;padding:0;overflow-wrap:anywhere"
_CODE = "font-family:ui-monospace,monospace;font-size:12px;color:inherit;background:none;padding:0"
_PROSE = "font:inherit;color:inherit;background:none;padding:0"
_TRACK = "height:7px;margin:.35em 0;border-radius:4px;overflow:hidden;background:rgba(128,128,128,.3)"


def html(connection: "Connection") -> str:
    """Where, which entity, what came of it, what to try next, how much of the rate limit is left, the request id."""
    colour, title = _verdict(connection)
    rows = "".join(
        f'<dt style="{_TERM}">{term}</dt><dd style="{_VALUE}">{value}</dd>' for term, value in _rows(connection)
    )
    status = _text(connection.get("status"))
    return (
        f'<div role="group" aria-label="{title}" style="{_CARD.format(colour=colour)}">'
        f'<div><strong>{title}</strong> <span style="margin-left:.5em;opacity:.75">HTTP {status}</span></div>'
        f'<dl style="{_LIST}">{rows}</dl></div>'
    )


def _verdict(connection: "Connection") -> tuple[str, str]:
    if connection["success"]:
        return _GREEN, "Logged in to Zuora"
    kind = _refusal_class(connection)
    return _AMBER if issubclass(kind, RateLimited) else _RED, f"Zuora refused the login: {kind.__name__}"


def _refusal_class(connection: "Connection") -> "type[Refused]":
    return refusal_class(connection["status"], connection["reasons"])


def _rows(connection: "Connection") -> "Iterator[tuple[str, str]]":
    yield "Host", _code(connection.base_url.split("/")[2])
    yield "Entity", "none named" if connection._entity is None else _code(connection._entity, _PROSE)
    if not connection["success"]:
        yield "Reasons", _reasons(connection["reasons"])
        yield "Try next", _text(_refusal_class(connection).hint)
        if (wait := connection.get("retryAfter")) is not None:
            yield "Wait", f"{wait:,.0f} s"
    yield "Rate limit", _rate_limit(connection.get("rateLimit", {}))
    yield "Request id", _code(connection.get("requestId") or "none")


def _reasons(reasons: "list[Reason]") -> str:
    shown = [f"{_code(reason['code'])} {_code(reason['message'], _PROSE)}" for reason in reasons[:_MAX_REASONS]]
    if len(reasons) > _MAX_REASONS:
        shown.append(f"and {len(reasons) - _MAX_REASONS} more")
    return "<br>".join(shown) or "none given"


def _rate_limit(rate: "dict[str, int | None]") -> str:
    """What is left, in words and as a bar."""
    limit, remaining, reset = rate.get("limit"), rate.get("remaining"), rate.get("reset")
    if remaining is None:
        return "not told"
    words = f"{remaining:,} calls left" if limit is None else f"{remaining:,} of {limit:,} calls left"
    if reset is not None:
        words += f", renewed {reset:,} s after this answer"
    if not limit:
        return words
    percent = min(100.0, 100 * remaining / limit)
    colour = _GREEN if percent > 20 else _AMBER if percent > 0 else _RED
    bar = f'<div style="width:{percent:.1f}%;height:100%;background:{colour}"></div>'
    return f'{words}<div aria-hidden="true" style="{_TRACK}">{bar}</div>'


def _code(value: object, style: str = _CODE) -> str:
    return f'<code style="{style}">{_text(value)}</code>'


def _text(value: object) -> str:
    text = printable(str(value))
    return escape(text if len(text) <= _MAX_CHARACTERS else f"{text[:_MAX_CHARACTERS]}…")
