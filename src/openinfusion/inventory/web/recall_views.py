# SPDX-License-Identifier: Apache-2.0
"""Views of recalls and suspect product, of devices, and of picking."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse

from openinfusion.inventory.actions.pump import advance_pump, check_program, enter_program, receive_pump, record_care
from openinfusion.inventory.actions.recall import advance_recall, open_recall, pull_stock, tell_patient, widen_recall
from openinfusion.inventory.actions.suspect import advance_suspect, report_suspect
from openinfusion.inventory.domain.device import Care
from openinfusion.inventory.domain.program import Settings
from openinfusion.inventory.models import Pump, PumpProgram
from openinfusion.inventory.permissions import READ, RECALL
from openinfusion.inventory.queries.jump import jump_to
from openinfusion.inventory.web import device_forms, device_pages, papers, pick_pages, recall_forms, recall_pages, suspect_pages
from openinfusion.inventory.web.forms import JumpForm, PumpForm
from openinfusion.inventory.web.paper_answer import paper
from openinfusion.inventory.web.table import Entry, Page
from openinfusion.inventory.web.working import working_site
from openinfusion.kernel.refusal import Fault, Malformed
from openinfusion.platform.action import fetch
from openinfusion.platform.ui.forms import StepForm
from openinfusion.platform.web import Request, read, reads, show, text_table, then, writes
from openinfusion.therapy import public as therapy

_PAGE = "inventory/page.html"


@reads(READ.code)
def recalls(request: Request) -> HttpResponse:
    return show(request, _PAGE, recall_pages.recalls_page(request.actor, request.GET.get("q", "")))


@writes
def recall_open(request: Request) -> HttpResponse:
    values = read(recall_forms.RecallForm, request, text=request.GET.get("q", ""))
    return then(request, "inventory:recall", open_recall(by=request.actor, **values), said="Opened; the lots are stopped.")


@reads(READ.code)
def recall(request: Request, case_id: UUID) -> HttpResponse:
    return show(request, _PAGE, recall_pages.recall_page(case_id, request.actor, request.GET.get("q", "")))


@writes
def recall_widen(request: Request, case_id: UUID) -> HttpResponse:
    widen_recall(case_id=case_id, by=request.actor, **read(recall_forms.WidenForm, request, text=request.GET.get("q", "")))
    return then(request, "inventory:recall", case_id, said="Added.")


@writes
def recall_pull(request: Request, case_id: UUID) -> HttpResponse:
    moved = pull_stock(case_id=case_id, by=request.actor)
    return then(request, "inventory:recall", case_id, said=f"{moved.normalize():f} package(s) are in quarantine.")


@writes
def recall_step(request: Request, case_id: UUID, step: str) -> HttpResponse:
    advance_recall(case_id=case_id, step=step, by=request.actor, **read(StepForm, request))
    return then(request, "inventory:recall", case_id, said="Done.")


@writes
def recall_told(request: Request, notice_id: UUID) -> HttpResponse:
    tell_patient(notice_id=notice_id, by=request.actor, **read(recall_forms.ToldForm, request))
    return then(request, "inventory:recalls", said="Noted.")


@reads(RECALL.code)
def recall_letters(request: Request, case_id: UUID) -> HttpResponse:
    return paper("recall-letters", papers.letters(case_id, request.actor))


@reads(RECALL.code)
def recall_letters_csv(request: Request, case_id: UUID) -> HttpResponse:
    return text_table("recall-letters", ("patient", "address", "what", "told", "how"), papers.letter_rows(case_id))


@reads(READ.code)
def suspect(request: Request, suspect_id: UUID) -> HttpResponse:
    return show(request, _PAGE, suspect_pages.suspect_page(suspect_id, request.actor))


@writes
def suspect_report(request: Request, lot_id: UUID) -> HttpResponse:
    made = report_suspect(lot_id=lot_id, by=request.actor, **read(recall_forms.SuspectForm, request))
    return then(request, "inventory:suspect", made, said="Stopped; a pharmacist decides.")


@writes
def suspect_step(request: Request, suspect_id: UUID, step: str) -> HttpResponse:
    values = read(StepForm, request) | (read(recall_forms.NoticeForm, request) if step == "close" else {})
    advance_suspect(suspect_id=suspect_id, step=step, by=request.actor, **values)
    return then(request, "inventory:suspect", suspect_id, said="Done.")


@reads(READ.code)
def pumps(request: Request) -> HttpResponse:
    page = device_pages.pumps_page(request.actor, request.GET.get("q", "").strip(), request.GET.get("state", ""))
    return show(request, _PAGE, page)


@reads(READ.code)
def pumps_csv(request: Request) -> HttpResponse:
    page = device_pages.pumps_page(request.actor, request.GET.get("q", "").strip(), request.GET.get("state", ""))
    return page.tables[0].as_csv("devices")


@writes
def pump_receive(request: Request) -> HttpResponse:
    made = receive_pump(site_id=working_site(request.actor), by=request.actor, **read(device_forms.ReceiveForm, request))
    return then(request, "inventory:pump", made, said="Received.")


@reads(READ.code)
def pump(request: Request, pump_id: UUID) -> HttpResponse:
    return show(request, _PAGE, device_pages.pump_page(pump_id, request.actor))


@writes
def pump_step(request: Request, pump_id: UUID, step: str) -> HttpResponse:
    advance_pump(pump_id=pump_id, step=step, by=request.actor, **read(PumpForm, request))
    return then(request, "inventory:pump", pump_id, said="Done.")


@writes
def pump_care(request: Request, pump_id: UUID) -> HttpResponse:
    record_care(pump_id=pump_id, care=Care(**read(device_forms.CareForm, request)), by=request.actor)
    return then(request, "inventory:pump", pump_id, said="Recorded.")


@writes
def program(request: Request, pump_id: UUID) -> HttpResponse:
    patient_id = fetch(Pump, pump_id).patient_id
    orders = [(o.id, o.line) for o in therapy.open_orders_of(patient_id)] if patient_id else []
    form = device_forms.ProgramForm(request.POST, orders=orders)
    enter_program(
        pump_id=pump_id, by=request.actor, settings=_settings(form), prescription_id=form.cleaned_data["prescription_id"]
    )
    return then(request, "inventory:pump", pump_id, said="Entered; a second person checks it.")


@writes
def program_check(request: Request, program_id: UUID) -> HttpResponse:
    row = fetch(PumpProgram, program_id)
    check_program(program_id=program_id, seen=_settings(device_forms.SettingsForm(request.POST)), by=request.actor)
    return then(request, "inventory:pump", row.pump_id, said="Checked.")


def _settings(form: device_forms.SettingsForm) -> Settings:
    if not form.is_valid():
        raise Malformed(
            *(
                Fault(str(form.fields[name].label or name) if name in form.fields else "", str(text))
                for name, texts in form.errors.items()
                for text in texts
            )
        )
    return form.settings()


@reads(READ.code)
def jump(request: Request) -> HttpResponse:
    """Where a scanned or typed code leads: a device, a lot, a place, an order. Without a code the page to scan on."""
    code = request.GET.get("code", "").strip()
    if code:
        return then(request, jump_to(code))
    return show(request, "inventory/jump.html", Page("Scan to jump", "pumps", entries=(Entry("Scan", "", "Go", JumpForm()),)))


@reads(READ.code)
def picks(request: Request) -> HttpResponse:
    return show(request, _PAGE, pick_pages.picks_page(request.actor, _purpose(request)))


@reads(READ.code)
def picks_print(request: Request) -> HttpResponse:
    return paper("pick-list", papers.picks(request.actor, _purpose(request)))


@reads(READ.code)
def picks_csv(request: Request) -> HttpResponse:
    return pick_pages.pick_table(working_site(request.actor), _purpose(request)).as_csv("pick-list")


@reads(READ.code)
def shelf_labels(request: Request) -> HttpResponse:
    return paper("shelf-labels", papers.shelf_labels(request.actor))


def _purpose(request: Request) -> UUID | None:
    given = request.GET.get("for", "")
    try:
        return UUID(given) if given else None
    except ValueError:
        raise Malformed(Fault("for", "is no identifier")) from None
