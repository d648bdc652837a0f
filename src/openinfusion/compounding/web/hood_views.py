# SPDX-License-Identifier: Apache-2.0
"""Views of the bench: the hood's screen, the second look, the record, opened containers."""
from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse

from openinfusion.compounding.actions.hood import look_at_step
from openinfusion.compounding.actions.opened import waste_opened
from openinfusion.compounding.actions.pump_file import pump_file, record_pump_result
from openinfusion.compounding.actions.report import advance_report
from openinfusion.compounding.actions.waste import witness_waste
from openinfusion.compounding.adapters.batch_record import render_record
from openinfusion.compounding.permissions import CHECK, COMPOUND, READ
from openinfusion.compounding.queries import batch_record
from openinfusion.compounding.web import hood_pages as pages
from openinfusion.compounding.web import opened_pages, record_pages
from openinfusion.compounding.web.forms import PumpForm, ReasonForm
from openinfusion.kernel.refusal import Fault, Malformed, NotFound
from openinfusion.platform.files import open_file
from openinfusion.platform.web import Request, read, reads, show, text_table, then, writes
from openinfusion.sites import public as sites

MOST_FILE_BYTES = 100_000


@reads(COMPOUND.code)
def hood(request: Request, work_order_id: UUID) -> HttpResponse:
    return show(request, "compounding/hood.html", pages.hood_page(work_order_id, request.actor))


@reads(CHECK.code)
def look(request: Request, work_order_id: UUID) -> HttpResponse:
    return show(request, "compounding/look.html", pages.look_page(work_order_id, request.actor))


@writes
def look_give(request: Request, work_order_id: UUID, place: int, answer: str) -> HttpResponse:
    if answer not in {"accept", "refuse"}:
        raise NotFound(f"answer {answer}")
    note = read(ReasonForm, request)["reason"]
    look_at_step(work_order_id=work_order_id, place=place, accepted=answer == "accept", note=note, by=request.actor)
    said = "Accepted. The work goes on." if answer == "accept" else "Refused. It is done anew, and kept as a near miss."
    return then(request, "compounding:look", work_order_id, said=said)


@reads(READ.code)
def record(request: Request, work_order_id: UUID) -> HttpResponse:
    """What was done at the hood; ``?export=csv`` gives it as a table."""
    page = record_pages.record_page(work_order_id, request.actor)
    if request.GET.get("export") == "csv":
        head = ("step", "what", "planned mL", "done mL", "low g", "weighed g", "high g", "lot", "code", "keyed", "by", "at",
                "second look", "by whom")
        rows = [
            (s.step.place, s.step.text, s.step.volume_ml or "", d.volume_ml or "", s.step.low_g or "", d.weight_g or "",
             s.step.high_g or "", d.lot, d.code, "yes" if d.keyed else "", d.name, d.at.isoformat(), d.look, d.looker)
            for s in page.steps for d in s.doings
        ]
        return text_table(f"record-{page.order.number}", head, rows)
    return show(request, "compounding/record.html", page)


@reads(READ.code)
def record_pdf(request: Request, work_order_id: UUID) -> HttpResponse:
    """The worksheet, or once it is compounded the batch record, on paper."""
    made = batch_record(work_order_id)
    response = HttpResponse(render_record(made), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{made.title.lower().replace(" ", "-")}-{made.number}.pdf"'
    response["Cache-Control"] = "no-store"
    return response


@reads(COMPOUND.code)
def pump_out(request: Request, work_order_id: UUID, bag: int) -> HttpResponse:
    """The file that tells a pump compounder what to deliver into a bag."""
    response = HttpResponse(pump_file(work_order_id, bag), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="pump-{work_order_id.hex[-8:]}-{bag}.csv"'
    return response


@writes
def pump_in(request: Request, work_order_id: UUID) -> HttpResponse:
    said = read(PumpForm, request)
    try:
        text = said["file"].read(MOST_FILE_BYTES + 1).decode("utf-8")
    except UnicodeDecodeError:
        raise Malformed(Fault("file", "the file is not text in UTF-8")) from None
    told = record_pump_result(work_order_id=work_order_id, bag=said["bag"], text=text[:MOST_FILE_BYTES], by=request.actor)
    words = told["stopped"] or (f"Read. Step {told['waiting']} waits for another person." if told["waiting"] else "Read.")
    return then(request, "compounding:record", work_order_id, said=words)


@writes
def waste_witness(request: Request, waste_id: UUID, work_order_id: UUID) -> HttpResponse:
    witness_waste(waste_id=waste_id, by=request.actor)
    return then(request, "compounding:record", work_order_id, said="Witnessed.")


@reads(READ.code)
def photo(request: Request, work_order_id: UUID, file_id: UUID) -> HttpResponse:
    """A picture that was taken at the hood."""
    file = open_file(record_pages.photo_of(work_order_id, file_id))
    response = HttpResponse(file.data, content_type=file.media_type)
    response["Content-Disposition"] = f'inline; filename="{file.name}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store"
    return response


@writes
def report_step(request: Request, work_order_id: UUID, report_id: UUID, step: str) -> HttpResponse:
    advance_report(report_id=report_id, step=step, by=request.actor, **read(ReasonForm, request))
    return then(request, "compounding:record", work_order_id, said="Noted.")


@reads(READ.code)
def opened(request: Request) -> HttpResponse:
    """Opened containers; ``?export=csv`` gives the list as a table."""
    site = request.actor.site_id
    hoods = {h.id: h.name for h in sites.hoods(site)} if site else {}
    zone = sites.pharmacy(site).timezone if site else "UTC"
    page = opened_pages.opened_page(request.GET.get("show", ""), request.actor, hoods, zone)
    if request.GET.get("export") == "csv":
        head = ("container", "lot", "hood", "opened", "by", "good until", "because", "left mL", "state", "reason")
        rows = [(r.opened.name, r.opened.lot, r.hood, r.opened.opened_at.isoformat(), r.opened.opener,
                 r.opened.good_until.isoformat(), r.opened.because, r.opened.left_ml, r.opened.state, r.opened.waste_reason)
                for r in page.rows]
        return text_table("opened-containers", head, rows)
    return show(request, "compounding/opened.html", page)


@writes
def opened_waste(request: Request, opened_id: UUID) -> HttpResponse:
    waste_opened(opened_id=opened_id, by=request.actor, **read(ReasonForm, request))
    return then(request, "compounding:opened", said="Wasted.")
