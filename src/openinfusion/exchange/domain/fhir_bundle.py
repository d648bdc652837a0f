# SPDX-License-Identifier: Apache-2.0
"""A FHIR R4 Bundle: its bytes read without loss, its resources indexed, its references followed."""
from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

import msgspec

from openinfusion.exchange.domain.fhir_element import Element
from openinfusion.kernel.refusal import Fault, Malformed

_DECODER = msgspec.json.Decoder(float_hook=Decimal)
_TYPES = ("document", "message", "transaction", "batch", "searchset", "collection", "history")


@dataclass
class Bundle:
    """The resources of a message with their paths. ``fingerprint`` tells the same message again."""

    fingerprint: str
    faults: list[Fault]
    resources: list[Element] = field(default_factory=list)
    _by_reference: dict[str, Element] = field(default_factory=dict)

    def of(self, kind: str) -> Iterator[Element]:
        return (r for r in self.resources if r.value["resourceType"] == kind)

    def add(self, resource: Element, full_url: str) -> None:
        self.resources.append(resource)
        id = resource.value.get("id")
        if isinstance(id, str):
            self._by_reference.setdefault(f"{resource.value['resourceType']}/{id}", resource)
        if full_url:
            self._by_reference.setdefault(full_url, resource)

    def follow(self, reference: Element, *, inside: Element | None = None) -> Element | None:
        """The resource a Reference means, in the bundle or contained; None when it is not here (never a fault)."""
        target = reference.text("reference") if isinstance(reference.value.get("reference"), str) else ""
        if target.startswith("#") and inside is not None:
            for one in inside.children("contained"):
                if one.value.get("id") == target[1:] and isinstance(one.value.get("resourceType"), str):
                    return one
            return None
        return self._by_reference.get(target) or self._by_reference.get("/".join(target.split("/")[-2:]))


def decoded(data: bytes) -> Any:
    """JSON with every number exactly as written."""
    try:
        return _DECODER.decode(data.removeprefix(b"\xef\xbb\xbf"))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, InvalidOperation, ValueError) as no:
        raise Malformed(Fault("Bundle", f"is not JSON: {no}")) from None


def read_bundle(data: bytes) -> Bundle:
    """Index a Bundle; Malformed only where nothing can be read. Other faults are collected in ``faults``."""
    raw = decoded(data)
    if not isinstance(raw, dict) or raw.get("resourceType") != "Bundle":
        kind = raw.get("resourceType") if isinstance(raw, dict) else None
        raise Malformed(Fault("Bundle.resourceType", f"must be Bundle, not {kind or 'absent'}"))
    faults: list[Fault] = []
    top = Element(raw, "Bundle", faults)
    bundle = Bundle(_fingerprint(top, data), faults)
    top.code("type", _TYPES, required=True)
    for entry in top.children("entry"):
        resource = entry.child("resource")
        if resource and resource.text("resourceType", required=True):
            full_url = entry.value.get("fullUrl")
            bundle.add(resource, full_url if isinstance(full_url, str) else "")
    return bundle


def _fingerprint(top: Element, data: bytes) -> str:
    """Bundle.identifier if it has one, else the hash of the bytes."""
    named = top.child("identifier")
    if value := named.text("value"):
        return f"identifier:{named.text('system')}|{value}"
    return f"sha256:{hashlib.sha256(data).hexdigest()}"
