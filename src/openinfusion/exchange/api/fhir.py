# SPDX-License-Identifier: Apache-2.0
"""A FHIR bundle in, over the API; an OperationOutcome where it cannot be taken."""
from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, JsonResponse
from ninja import Schema

from openinfusion.exchange.actions.receive_bundle import receive_bundle
from openinfusion.kernel.refusal import Malformed, Refused
from openinfusion.platform.api import RoomRouter

FHIR_JSON = "application/fhir+json"


_BODY = {"requestBody": {"content": {FHIR_JSON: {"schema": {"type": "object"}}}, "required": True}}


class ReferralMade(Schema):
    """What a bundle became; any refusal is an OperationOutcome."""

    referral_id: UUID


def bundle_add(request: HttpRequest) -> JsonResponse:
    """Take a FHIR R4 Bundle as a referral. The same bundle again answers the same referral."""
    try:
        referral_id = receive_bundle(data=request.body, by=request.actor)  # type: ignore[attr-defined]
    except Malformed as no:
        return _outcome(422, [("invalid", f.text, f.path) for f in no.faults])
    except Refused as no:
        status = 403 if all(r.code == "not-permitted" for r in no.reasons) else 409
        return _outcome(status, [("forbidden" if status == 403 else "business-rule", str(r), "") for r in no.reasons])
    response = JsonResponse({"referral_id": str(referral_id)}, status=201)
    response["Location"] = f"/api/intake/referrals/{referral_id}"
    return response


def _outcome(status: int, issues: list[tuple[str, str, str]]) -> JsonResponse:
    told: list[dict[str, Any]] = [
        {"severity": "error", "code": code, "diagnostics": text, **({"expression": [path]} if path else {})}
        for code, text, path in issues
    ]
    return JsonResponse({"resourceType": "OperationOutcome", "issue": told}, status=status, content_type=FHIR_JSON)


def add_to(router: RoomRouter) -> None:
    """Mount the FHIR entrance on the room's router."""
    router.post("/fhir", openapi_extra=_BODY, response={201: ReferralMade})(bundle_add)
