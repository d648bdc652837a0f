# SPDX-License-Identifier: Apache-2.0
"""The bench and the work order through the pages, as people use them."""
from __future__ import annotations

from typing import Any
from uuid import UUID

from openinfusion.compounding import public as compounding
from openinfusion.inventory import public as inventory

PASSWORD = "a long test password"


def planned(bench: Any) -> UUID:
    for name in ("cefTRIAXone 2 g", "cefTRIAXone 1 g", "sodium chloride 0.9%", "elastomeric infuser 100 mL"):
        bench.receive(name)
    prescription_id = bench.prescription()
    bench.verify(prescription_id)
    return compounding.work_orders_of(prescription_id)[0].id


def text(response: Any) -> str:
    assert response.status_code == 200, response.content.decode()[:2000]
    return str(response.content.decode())


def step(client: Any, work_order_id: UUID, name: str, status: int = 302, **data: str) -> Any:
    response = client.post(f"/compounding/{work_order_id}/step/{name}/", data)
    assert response.status_code == status, response.content.decode()[-1500:]
    return response


def test_the_bench_shows_each_order_in_its_lane(bench: Any, browse: Any) -> None:
    number = compounding.work_order(planned(bench)).number
    page = text(browse(bench.technician).get("/compounding/"))
    assert number in page and "SAMPLETON, Amara" in page and "Hood 1" in page


def test_a_work_order_goes_all_the_way_through_the_pages(bench: Any, browse: Any) -> None:
    work_order_id = planned(bench)
    pharmacist, technician, second = browse(bench.pharmacist), browse(bench.technician), browse(bench.second_technician)
    step(pharmacist, work_order_id, "release")
    step(technician, work_order_id, "stage")
    page = text(technician.get(f"/compounding/{work_order_id}/"))
    assert "Scan now: " in page and 'name="scan"' in page and "May I make this, here, now?" in page
    for line in compounding.ingredients(work_order_id):
        for held in line.held:
            scan = bench.gs1(line.product_id, inventory.lot(held.lot_id))
            response = technician.post(f"/compounding/{work_order_id}/scan/", {"scan": scan, "packages": str(int(held.quantity))})
            assert response.status_code == 302, response.content.decode()[-800:]
    step(second, work_order_id, "pre_check")
    step(technician, work_order_id, "start", hood_id=str(bench.hood_id))
    bench.hood(work_order_id)
    step(technician, work_order_id, "finish")
    step(technician, work_order_id, "present")
    page = text(technician.get(f"/compounding/{work_order_id}/"))
    assert "Beyond-use date" in page and "The label is held until the product is verified" in page
    step(pharmacist, work_order_id, "verify", signature=PASSWORD)
    assert technician.post(f"/compounding/{work_order_id}/label/print/").status_code == 302
    assert technician.get(f"/compounding/{work_order_id}/label/").content.startswith(b"%PDF")
    step(technician, work_order_id, "label")
    step(pharmacist, work_order_id, "dispense", signature=PASSWORD)
    assert compounding.preparations_of(work_order_id)[0].released
    assert "released to dispense" in text(pharmacist.get(f"/compounding/{work_order_id}/"))


def test_a_wrong_password_signs_nothing(bench: Any, browse: Any) -> None:
    work_order_id = planned(bench)
    response = step(browse(bench.pharmacist), work_order_id, "release", status=422, signature="not my password")
    assert "nothing was signed" in response.content.decode()
    assert compounding.work_order(work_order_id).state == "planned"


def test_a_refused_scan_tells_why_and_captures_nothing(bench: Any, browse: Any) -> None:
    work_order_id = planned(bench)
    step(browse(bench.pharmacist), work_order_id, "release")
    technician = browse(bench.technician)
    step(technician, work_order_id, "stage")
    wrong = inventory.lot(bench.receive("cefepime 1 g"))
    response = technician.post(f"/compounding/{work_order_id}/scan/", {"scan": bench.gs1(wrong.product_id, wrong), "packages": "1"})
    assert response.status_code == 409 and "not in the order" in response.content.decode()
    assert not any(line.captured for line in compounding.ingredients(work_order_id))


def test_a_stale_page_is_told_so(bench: Any, browse: Any) -> None:
    work_order_id = planned(bench)
    pharmacist = browse(bench.pharmacist)
    response = step(pharmacist, work_order_id, "release", status=409, version="7")
    assert "changed by somebody else" in response.content.decode()


def test_the_technician_has_no_button_to_verify(bench: Any, browse: Any) -> None:
    page = text(browse(bench.technician).get(f"/compounding/{planned(bench)}/"))
    assert "Release to bench" not in page and "Cancel" in page


def by_api(step: dict[str, Any], codes: dict[str, str]) -> dict[str, Any]:
    """What a program at the hood tells of a step."""
    code = next((c for name, c in codes.items() if name in step["text"]), "") if step["asks"] == "scan" else ""
    return {"place": step["place"], "code": code, "weight_g": step["expected_g"]}


def test_the_same_way_over_the_api(bench: Any, browse: Any) -> None:
    work_order_id = planned(bench)
    people = {k: browse(getattr(bench, k)) for k in ("pharmacist", "technician", "second_technician")}

    def post(who: str, path: str, body: dict[str, Any], sign: bool = False) -> Any:
        headers = {"X-Signature": PASSWORD} if sign else {}
        response = people[who].post(f"/api/compounding{path}", body, content_type="application/json", headers=headers)
        assert response.status_code == 200, response.content.decode()
        return response.json()

    base = f"/work-orders/{work_order_id}"
    post("pharmacist", f"{base}/steps", {"step": "release"})
    seen, codes = post("technician", f"{base}/steps", {"step": "stage"}), {}
    for line in seen["ingredients"]:
        for held in line["held"]:
            code = f"(01){line['gtin']}(17){held['expires_on'].replace('-', '')[2:]}(10){held['number']}"
            codes[line["name"]] = code
            post("technician", f"{base}/scans", {"scan": code, "packages": held["packages"]})
    post("second_technician", f"{base}/steps", {"step": "pre_check"})
    gate = people["technician"].get(f"/api/compounding{base}/gate", {"hood_id": str(bench.hood_id)}).json()
    assert gate == {"open": True, "reasons": []}
    post("technician", f"{base}/steps", {"step": "start", "hood_id": str(bench.hood_id)})
    seen = people["technician"].get(f"/api/compounding{base}/bench").json()
    told = post("technician", f"{base}/bench", {"reports": [by_api(s, codes) for s in seen["steps"]]})
    assert told["done"] == told["of"] == len(seen["steps"]) and not told["waiting"]
    post("technician", f"{base}/steps", {"step": "finish"})
    post("technician", f"{base}/steps", {"step": "present"})
    refused = people["technician"].post(f"/api/compounding{base}/steps", {"step": "verify"}, content_type="application/json")
    assert refused.status_code == 409 and {"not-permitted", "own-work"} <= {d["code"] for d in refused.json()["details"]}
    post("pharmacist", f"{base}/steps", {"step": "verify"}, sign=True)
    post("technician", f"{base}/label", {})
    post("technician", f"{base}/steps", {"step": "label"})
    done = post("pharmacist", f"{base}/steps", {"step": "dispense"}, sign=True)
    assert done["state"] == "released_to_dispense"
    (made,) = people["pharmacist"].get(f"/api/compounding{base}/preparations").json()
    assert made["released"] and made["limit_name"]
