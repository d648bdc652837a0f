# SPDX-License-Identifier: Apache-2.0
"""A quarterly list of billing codes: read, looked at with who stands on it, taken; by page, API and command."""
from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from openinfusion.catalog import models
from openinfusion.catalog import public as catalog
from openinfusion.commands import moving
from openinfusion.kernel.refusal import Malformed, NotFound, Refused
from openinfusion.kernel.roles import Role
from openinfusion.payers import public as payers

FIRST = date(2027, 1, 1)
HEAD = "code,klass,group,short,unit_qty,unit_uom,mutually_exclusive_group\n"
SHARED = Path(__file__).parents[4] / "shared" / "data"


@pytest.fixture
def office(desk: SimpleNamespace, someone: Callable[..., Any]) -> SimpleNamespace:
    catalog.load_catalog(by=someone(Role.ADMINISTRATOR))
    return desk


def listed(*lines: str) -> bytes:
    return (HEAD + "".join(f"{x}\n" for x in lines)).encode()


CHANGED = listed("J1745,drug,a,infliximab,1,mg,", "J9876,drug,a,a new drug,5,mg,")


def brought(office: SimpleNamespace, data: bytes = CHANGED, **more: Any) -> Any:
    said: dict[str, Any] = {"name": "q1.csv", "data": data, "first": FIRST, "source": "CMS January 2027", "is_whole": False, **more}
    return catalog.read_code_list(by=office.biller, **said)


def test_nothing_changes_before_it_is_taken_and_days_before_it_keep_their_unit(office: SimpleNamespace) -> None:
    made = brought(office)
    before = catalog.hcpcs("J1745", FIRST)
    with pytest.raises(NotFound):
        catalog.hcpcs("J9876", FIRST)
    found = catalog.code_list(made)
    assert found.tally == (1, 1, 0) and found.standing == "read"
    rows = {r.code: r for r in payers.touched_by(found)}
    assert rows["J1745"].drugs and "10 new units for one old" in rows["J1745"].words
    catalog.take_code_list(list_id=made, by=office.biller)
    assert str(catalog.hcpcs("J1745", FIRST).unit.amount) == "1.000000" and catalog.hcpcs("J9876", FIRST).klass == "drug"
    assert catalog.hcpcs("J1745", date(2026, 12, 31)).unit == before.unit
    with pytest.raises(Refused, match="taken already"):
        catalog.take_code_list(list_id=made, by=office.biller)


def test_codes_that_ended_are_named_with_the_contracts_and_drugs_on_them(office: SimpleNamespace) -> None:
    made = brought(office, listed("S9501,per_diem,x,per diem,1,day,"), is_whole=True)
    rows = {r.code: r for r in payers.touched_by(catalog.code_list(made)) if r.kind == "ended"}
    assert rows["J1745"].drugs and rows["S9500"].contracts and "S9501" not in rows
    catalog.take_code_list(list_id=made, by=office.biller)
    with pytest.raises(NotFound):
        catalog.hcpcs("S9500", FIRST)
    assert catalog.hcpcs("S9500", date(2026, 12, 31)).code == "S9500"


def test_what_is_refused_changes_nothing(office: SimpleNamespace) -> None:
    made = brought(office)
    with pytest.raises(Refused, match="brought in already"):
        brought(office)
    with pytest.raises(Malformed, match="edition"):
        brought(office, source=" ")
    with pytest.raises(Malformed, match="no line of it"):
        brought(office, listed("XX,d,a,b,1,mg,"))
    with pytest.raises(Malformed, match="no line of it"):
        brought(office, HEAD.encode())
    with pytest.raises(Malformed, match="why it is dropped"):
        catalog.drop_code_list(list_id=made, reason="", by=office.biller)
    with pytest.raises(Refused):
        catalog.take_code_list(list_id=made, by=office.nurse)
    catalog.drop_code_list(list_id=made, reason="the wrong quarter", by=office.biller)
    again = brought(office)
    catalog.take_code_list(list_id=again, by=office.biller)
    with pytest.raises(Refused, match="was taken already"):
        brought(office, listed("J9877,drug,a,another,5,mg,"))
    same = brought(office, listed("J1745,drug,a,infliximab,1,mg,"), first=date(2027, 4, 1))
    with pytest.raises(Refused, match="kept here already"):
        catalog.take_code_list(list_id=same, by=office.biller)


def test_the_lists_of_the_project_are_read(office: SimpleNamespace) -> None:
    if not SHARED.exists():
        pytest.skip("the project's lists are not beside this checkout")
    made = brought(office, (SHARED / "hcpcs_infusion.csv").read_bytes())
    found = catalog.code_list(made)
    assert found.codes > 250 and not [r for r in found.rejects if "twice" in r.why]
    assert found.count("changed") == 0, [c for c in found.changes if c[0] == "changed"]


def test_by_page_api_and_command(office: SimpleNamespace, browser: Callable[..., Client], account: Callable[..., Any], tmp_path: Path) -> None:
    client = browser(Role.BILLER)
    assert "No list yet" in client.get("/payers/codes/").content.decode()
    sent = {"first": FIRST.isoformat(), "source": "CMS January 2027", "file": SimpleUploadedFile("q1.csv", CHANGED)}
    assert client.post("/payers/codes/read/", sent).status_code == 302
    id = models.HcpcsList.objects.get().id
    page = client.get(f"/payers/codes/{id}/").content.decode()
    assert "J1745" in page and "bill drugs here" in page and "Take it" in page
    assert "J9876" not in client.get(f"/payers/codes/{id}/?kind=changed").content.decode()
    assert "J9876" in client.get(f"/payers/codes/{id}/table/").content.decode()
    assert client.post(f"/payers/codes/{id}/drop/", {"reason": "tried"}).status_code == 302
    assert "dropped" in client.get("/payers/codes/").content.decode()
    body = {"name": "q1", "csv": CHANGED.decode(), "first": FIRST.isoformat(), "source": "CMS"}
    said = client.post("/api/payers/codes", body, content_type="application/json").json()
    assert [c["code"] for c in said["changes"]] == ["J9876", "J1745"]
    gone = client.post(f"/api/payers/codes/{said['id']}/drop", {"reason": "tried"}, content_type="application/json").json()
    assert gone["standing"] == "dropped"
    path = tmp_path / "q1.csv"
    path.write_bytes(CHANGED)
    shown = moving.load_codes(path, FIRST, "CMS", False, False, office.biller)
    assert shown["standing"] == "read" and "nothing is changed yet" in moving.codes_in_words(shown)
    taken = moving.load_codes(path, FIRST, "CMS", False, True, office.biller)
    assert taken["standing"] == "taken" and "drugs:" in moving.codes_in_words(taken)
    assert "taken" in client.get(f"/payers/codes/{taken['id']}/").content.decode()
    assert client.post(f"/payers/codes/{taken['id']}/take/").status_code == 409
    assert client.post(f"/api/payers/codes/{taken['id']}/take", {}, content_type="application/json").status_code == 409
