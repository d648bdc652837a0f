# SPDX-License-Identifier: Apache-2.0
"""The base of the JSON API: who calls, in which scope, once per key, and how every refusal is told."""

from __future__ import annotations

import functools
import hashlib
import inspect
from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, TypeVar

import msgspec
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI, Router
from ninja.errors import ValidationError
from ninja.parser import Parser
from ninja.security import HttpBearer, SessionAuth
from pydantic import AfterValidator, BeforeValidator, WithJsonSchema

from openinfusion.kernel.quantity import parse_decimal, parse_whole
from openinfusion.kernel.refusal import Fault, Malformed, NotFound, Refused, Stale, Unavailable
from openinfusion.platform.action import keyed
from openinfusion.platform.clock import now
from openinfusion.platform.models import ApiToken, User
from openinfusion.platform.permissions import actor_of
from openinfusion.platform.scope import entered

N = TypeVar("N")


def _amount(raw: Any) -> Decimal:
    """A number as somebody would write it: exact, in plain digits. A binary float never gets here: the reader makes none."""
    if isinstance(raw, bool) or not isinstance(raw, str | int | Decimal):
        raise ValueError("write a number, or the number as text")
    return _strictly(parse_decimal, raw)


def _whole(raw: Any) -> int:
    if isinstance(raw, bool) or not isinstance(raw, str | int):
        raise ValueError("write a whole number, without a point")
    return _strictly(parse_whole, raw)


def _strictly(parse: Callable[[str], N], raw: object) -> N:
    try:
        return parse(str(raw))
    except Malformed as no:
        raise ValueError(no.faults[0].text) from None


def _zoned(at: datetime) -> datetime:
    if at.utcoffset() is None:
        raise ValueError("a time zone is needed: write the offset with the time, such as 2026-11-22T06:30:00-06:00, or Z for UTC")
    return at


Amount = Annotated[Decimal, BeforeValidator(_amount)]
Whole = Annotated[int, BeforeValidator(_whole)]
Instant = Annotated[
    datetime, AfterValidator(_zoned),
    WithJsonSchema({"type": "string", "format": "date-time", "description": "with its time zone, such as 2026-11-22T06:30:00Z"}),
]
_DECODER = msgspec.json.Decoder(float_hook=Decimal)


class ExactReader(Parser):
    """JSON bodies with every number as it was written. NaN, Infinity and text behind the end are refused."""

    def parse_body(self, request: HttpRequest) -> Any:
        return _DECODER.decode(request.body)


class Token(HttpBearer):
    """A bearer token of a partner system or a person."""

    def authenticate(self, request: HttpRequest, token: str) -> User | None:
        return _owner(token, device=False)


class DeviceToken(HttpBearer):
    """A bearer token of a device (a probe): good for the addresses that take devices, and for no other."""

    def authenticate(self, request: HttpRequest, token: str) -> User | None:
        return _owner(token, device=True)


def _owner(token: str, *, device: bool) -> User | None:
    tokens = ApiToken.objects.select_related("user").filter(sha256=token_digest(token), user__is_active=True)
    found = (tokens.filter(user__kind="system") if device else tokens.exclude(user__kind="system")).first()
    if found is None or (found.ends_at and found.ends_at <= now()):
        return None
    return found.user


class Session(SessionAuth):
    """The signed-in person's browser session; changes need the CSRF token."""


def token_digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def scoped_call(view: Callable[..., Any]) -> Callable[..., Any]:
    """Run an operation as its caller: actor, scope, idempotency key, signature (header X-Signature: own password)."""

    @functools.wraps(view)
    def run(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        user: User = getattr(request, "auth", None) or request.user  # type: ignore[assignment]
        actor = getattr(request, "actor", None) or actor_of(user)
        if given := request.headers.get("X-Signature", ""):
            if not user.check_password(given):
                raise Malformed(Fault("X-Signature", "this is not your password; nothing was signed"))
            actor = actor.signing("password")
        request.actor = actor  # type: ignore[attr-defined]
        with ExitStack() as stack:
            stack.enter_context(entered(actor.organization_id))
            stack.enter_context(keyed(request.headers.get("Idempotency-Key", "")))
            return view(request, *args, **kwargs)

    run.__signature__ = inspect.signature(view, eval_str=True)  # type: ignore[attr-defined]  # types of the room's own module
    return run


class RoomRouter(Router):
    """A room's operations, each run in its caller's scope."""

    def add_api_operation(self, path: str, methods: list[str], view_func: Any, **kwargs: Any) -> Any:
        return super().add_api_operation(path, methods, scoped_call(view_func), **kwargs)


def router_for(room: str) -> RoomRouter:
    """The router of a room; mounted at /api/<room>/."""
    return RoomRouter(tags=[room], auth=[Token(), Session()])


def install_errors(api: NinjaAPI) -> None:
    """One translator for the whole API."""

    def told(request: HttpRequest, status: int, kind: str, details: list[dict[str, str]]) -> HttpResponse:
        return api.create_response(request, {"error": kind, "details": details}, status=status)

    @api.exception_handler(Refused)
    def refused(request: HttpRequest, no: Refused) -> HttpResponse:
        status = 403 if all(r.code == "not-permitted" for r in no.reasons) else 409
        return told(request, status, "refused", [{"code": r.code, "text": str(r)} for r in no.reasons])

    @api.exception_handler(Malformed)
    def malformed(request: HttpRequest, no: Malformed) -> HttpResponse:
        return told(request, 422, "malformed", [{"path": f.path, "text": f.text} for f in no.faults])

    @api.exception_handler(ValidationError)
    def invalid(request: HttpRequest, no: ValidationError) -> HttpResponse:
        details = [{"path": ".".join(str(p) for p in e["loc"]), "text": e["msg"]} for e in no.errors]
        return told(request, 422, "malformed", details)

    @api.exception_handler(NotFound)
    def not_found(request: HttpRequest, no: NotFound) -> HttpResponse:
        return told(request, 404, "not-found", [{"code": "not-found", "text": "there is nothing here, or it is not yours"}])

    @api.exception_handler(Stale)
    def stale(request: HttpRequest, no: Stale) -> HttpResponse:
        return told(request, 409, "stale", [{"code": "stale", "text": str(no)}])

    @api.exception_handler(Unavailable)
    def unavailable(request: HttpRequest, no: Unavailable) -> HttpResponse:
        return told(request, 503, "unavailable", [{"code": "unavailable", "text": str(no)}])
