# SPDX-License-Identifier: Apache-2.0
"""A file is looked into by page, by API and by command; nothing is kept; what cannot be read is refused by segment."""
from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from openinfusion.commands import main
from openinfusion.exchange.domain.x12.inspection import inspect
from openinfusion.exchange.domain.x12.inspection_json import plain
from openinfusion.kernel.roles import Role
from openinfusion.platform.models import StoredFile

FILE = (
    "ISA*00*          *00*          *ZZ*PAYER          *ZZ*PHARMACY       *260201*0000*^*00501*000000007*0*T*:~GS*HP*P*Q*20260201*0000*7*X*"
    "005010X221A1~ST*835*0001~BPR*I*90*C*ACH************20260201~TRN*1*T1*1999000001~N1*PR*PLAN~N1*PE*PHARMACY*XX*1234567893~LX*1~"
    "CLP*OI1*1*100*80*20*12*ICN1~NM1*QC*1*QUIBBLE*JO****MI*M1~SVC*HC:S9500*100*80**7~DTM*472*20260101~CAS*PR*2*20~SE*12*0001~GE*1*7~"
    "IEA*1*000000007~"
)


@pytest.fixture
def biller(client: Client, account: Callable[..., Any], scope: Any) -> Client:
    client.force_login(account(Role.BILLER))
    return client


def test_the_page_shows_sums_and_findings_and_keeps_nothing(biller: Client) -> None:
    assert "Look into it" in biller.get("/exchange/inspection/").content.decode()
    text = biller.post("/exchange/inspection/file/", {"file": SimpleUploadedFile("a.835", FILE.encode())}).content.decode()
    assert "payment is not the claims paid" in text and "a.835" in text and "Patient&#x27;s share" in text
    part = biller.post("/exchange/inspection/file/", {"file": SimpleUploadedFile("b.835", FILE.replace("BPR*I*90", "BPR*I*80").encode())},
                       headers={"HX-Request": "true"}).content.decode()
    assert "Every sum and every envelope agrees" in part and "<html" not in part
    refused = biller.post("/exchange/inspection/file/", {"file": SimpleUploadedFile("c", b"hello")}).content.decode()
    assert "It cannot be read" in refused and "this is not X12" in refused
    assert StoredFile.objects.count() == 0


def test_the_api_gives_every_figure_as_text(biller: Client) -> None:
    said = biller.post("/api/exchange/x12/inspection", FILE, content_type="application/edi-x12").json()
    assert said["totals"] == {
        "claims": 1, "service_lines": 1, "charge": "100", "paid": "80", "patient_responsibility": "20", "claim_adjustments": "0",
        "service_adjustments": "20", "provider_adjustments": "0", "payment": "90"}
    assert said == plain(inspect(FILE.encode()))
    assert said["findings_by_level"] == {"transaction": 1}
    assert (said["findings"][0]["segment"], said["findings"][0]["stated"], said["findings"][0]["computed"]) == (3, "90", "80")
    refused = biller.post("/api/exchange/x12/inspection", FILE.replace("*80*20*12", "*8O*20*12"), content_type="application/edi-x12").json()
    assert set(refused) == {"bytes", "sha256", "refused"}
    assert refused["refused"] == {"segment": 9, "element": "CLP04", "reason": "“8O” is not an amount"}


def test_who_may_not_see_files_may_not_look_into_them(client: Client, account: Callable[..., Any], scope: Any) -> None:
    client.force_login(account(Role.NURSE))
    assert client.get("/exchange/inspection/").status_code == 403
    assert client.post("/exchange/inspection/file/", {"file": SimpleUploadedFile("a", b"x")}).status_code == 409
    assert client.post("/api/exchange/x12/inspection", FILE, content_type="application/edi-x12").status_code == 403


@pytest.mark.parametrize(("text", "code", "words"), [
    (FILE.replace("BPR*I*90", "BPR*I*80"), 0, "every sum"), (FILE, 4, "Findings"), ("hello", 3, "this is not X12"),
    (FILE.split("SE*12")[0], 3, "cut off"),
])
def test_the_command_says_it_with_an_exit_code(tmp_path: Path, text: str, code: int, words: str) -> None:
    path = tmp_path / "a.835"
    path.write_text(text)
    for_people = CliRunner().invoke(main, ["x12", "inspect", str(path)])
    assert (for_people.exit_code, words in for_people.output) == (code, True)
    as_json = CliRunner().invoke(main, ["x12", "inspect", str(path), "--json"])
    assert as_json.exit_code == code
    assert ("refused" in json.loads(as_json.output)) is (code == 3)
