# SPDX-License-Identifier: Apache-2.0
"""The same answer by page, by API and by command."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl

import pytest
from click.testing import CliRunner
from django.test import Client

from openinfusion.calculations.public import calculations, examples
from openinfusion.calculations.web.pages import calculation_page
from openinfusion.commands.main import main
from openinfusion.kernel.roles import Role

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def client(account: Callable[..., Any]) -> Client:
    client = Client()
    client.force_login(account(Role.PHARMACIST))
    return client


def test_the_list_finds_by_word_and_says_when_nothing_is_called_that(client: Client) -> None:
    assert "Body surface" in client.get("/calculations/").content.decode()
    assert "Nothing is called that" in client.get("/calculations/?q=zzz").content.decode()


def test_the_page_shows_result_reason_and_source(client: Client) -> None:
    page = client.get("/calculations/body-surface-mosteller/?weight=80&weight.unit=kg&height=180&height.unit=cm").content.decode()
    assert "2 m²" in page and "Mosteller" in page and "version 1" in page
    assert "No figure" in client.get("/calculations/ideal-weight-devine/?sex=male&age=9&height=130").content.decode()
    assert client.get("/calculations/crystal-ball/").status_code == 404


def test_the_api_answers_refuses_and_corrects(client: Client) -> None:
    def post(name: str, inputs: dict[str, Any]) -> Any:
        return client.post(f"/api/calculations/{name}", json.dumps({"inputs": inputs}), content_type="application/json")

    listed = client.get("/api/calculations/").json()
    assert [c["name"] for c in listed] == [c.name for c in calculations()]
    good = post("body-surface-mosteller", {"weight": "80 kg", "height": "180 cm"})
    assert good.status_code == 200 and good.json()["results"][0]["value"] == "2"
    assert post("ideal-weight-devine", {"sex": "male", "age": "9 a", "height": "130 cm"}).status_code == 409
    assert post("body-surface-mosteller", {"weight": "80"}).status_code == 422


def test_the_command_answers_with_exit_codes_that_mean_something() -> None:
    run = CliRunner().invoke
    good = run(main, ["calc", "body-surface-mosteller", "weight=80 kg", "height=180 cm", "--json"])
    assert good.exit_code == 0 and json.loads(good.output)["results"][0]["unit"] == "m²"
    refused = run(main, ["calc", "ideal-weight-devine", "sex=male", "age=9 a", "height=130 cm", "--json"])
    assert refused.exit_code == 3 and json.loads(refused.output)["refused"][0]["code"] == "not-adult"
    assert run(main, ["calc", "body-surface-mosteller", "weight=80"]).exit_code == 1
    assert "body-surface-mosteller" in run(main, ["calc"]).output


@pytest.mark.parametrize("example", list(examples()), ids=lambda e: f"{e.id} {e.calculation}")
def test_every_example_fills_its_page_by_its_address(example: Any) -> None:
    tried = next(t for t in calculation_page(example.calculation, {}).examples if t.example == example)
    page = calculation_page(example.calculation, dict(parse_qsl(tried.address.removeprefix("?"))))
    assert not page.faults
    assert bool(page.reasons) == bool(example.refused)
