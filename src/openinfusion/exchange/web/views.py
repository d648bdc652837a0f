# SPDX-License-Identifier: Apache-2.0
"""Views of exchange."""
from __future__ import annotations

from django.http import HttpResponse

from openinfusion.exchange.permissions import RECEIVE_REFERRAL
from openinfusion.exchange.public import receive_bundle
from openinfusion.exchange.web.pages import BundleForm, FhirPage
from openinfusion.platform.web import Request, read, reads, show, then, writes


@reads(RECEIVE_REFERRAL.code)
def fhir(request: Request) -> HttpResponse:
    return show(request, "exchange/fhir.html", FhirPage(BundleForm()))


@writes
def fhir_receive(request: Request) -> HttpResponse:
    file = read(BundleForm, request)["bundle"]
    referral_id = receive_bundle(data=file.read(), name=file.name, by=request.actor)
    return then(request, f"/intake/{referral_id}/", said="The referral is in.")
