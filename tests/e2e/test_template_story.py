# SPDX-License-Identifier: Apache-2.0
"""A therapy template in a real browser: one pharmacist drafts and proposes, another compares and signs, also by phone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def test_two_pharmacists_bring_a_new_version_into_force(
    visitor: Callable[..., Any], pharmacy: Any, troubles: list[str]
) -> None:
    one, two, phone = visitor("pharmacist"), visitor("pharmacist2"), visitor("pharmacist", phone=True)
    one.go("/catalog/")
    one.follow(one.page.get_by_role("link", name="Therapy templates"))
    one.follow(one.page.get_by_role("link", name="Parenteral nutrition"))
    one.page.locator("summary", has_text="Draft a new version").click()
    one.submit("form[action*=drafts]", {"source": "Policy 21, 2026", "why": "phosphorus twice a week at the start"})
    assert "Edit: Parenteral nutrition" in one.text()
    edit = one.page.url
    phone.go(edit)
    one.page.get_by_label("Every days 2", exact=True).fill("3")
    one.page.get_by_label("Text on the container 4", exact=True).fill("Shake gently before use")
    one.page.get_by_label("weight", exact=True).uncheck()
    one.submit("form[action*=change]", {"teaching": "adding vitamins\npump and filter\nlow phosphorus: when to call"})
    draft = one.page.url
    assert "phosphorus (LOINC 2777-1) every 3 days" in one.text() and "Shake gently before use" in one.text()
    one.act("Propose")
    assert "whoever drafted it may not sign it" in one.text()
    two.go("/")
    two.go(draft)
    two.act("Sign", {"signature": pharmacy.password})
    assert "in force from its first day" in two.page.locator("body").text_content()
    for path in ("/catalog/templates/", "/catalog/templates/?show=drafts", "/catalog/templates/parenteral_nutrition/", draft):
        phone.go(path)
    two.follow(two.page.get_by_role("link", name="The version it became"))
    assert "Drafted by" in two.text() and "signed by" in two.text()
    assert troubles == []
