# SPDX-License-Identifier: Apache-2.0
"""Views of the road: the driver's phone, routes, returns, pack-outs and carriers."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpResponse

from openinfusion.delivery.actions.coming_back import advance_return, ask_back
from openinfusion.delivery.actions.custody import pass_on
from openinfusion.delivery.actions.door_position import keep_door_position
from openinfusion.delivery.actions.fail import fail_delivery
from openinfusion.delivery.actions.hand_over import AtDoor, hand_over
from openinfusion.delivery.actions.packing import add_service, advance_validation, end_service, enter_validation, set_door
from openinfusion.delivery.actions.route import StopWanted, assign_route
from openinfusion.delivery.domain.carrier import Service
from openinfusion.delivery.domain.coming_back import Disposition, ReturnKind
from openinfusion.delivery.domain.failure import Failure, Identity, Next
from openinfusion.delivery.domain.pack_out import Lane, pack_outs
from openinfusion.delivery.domain.validation import Study
from openinfusion.delivery.permissions import DRIVE, READ
from openinfusion.delivery.queries import ticket_of
from openinfusion.delivery.queries.packing import door_of
from openinfusion.delivery.queries.road import RouteFact, routes_where
from openinfusion.delivery.web import packing_pages, pages, road_forms, road_pages
from openinfusion.inventory import public as inventory
from openinfusion.kernel.ids import new_id
from openinfusion.kernel.refusal import Fault, Malformed, NotFound
from openinfusion.patients import public as patients
from openinfusion.platform.clock import today
from openinfusion.platform.house_day import house_today
from openinfusion.platform.ui.forms import StepForm
from openinfusion.platform.web import Request, read, reads, show, text_table, then, writes
from openinfusion.sites import public as sites


@reads(DRIVE.code)
def driver(request: Request) -> HttpResponse:
    return show(request, "delivery/driver.html", road_pages.driver_page(request.actor))


@reads(DRIVE.code)
def stop(request: Request, ticket_id: UUID) -> HttpResponse:
    return show(request, "delivery/stop.html", pages.stop_page(ticket_id, request.actor))


@writes
def proof(request: Request, ticket_id: UUID) -> HttpResponse:
    ticket = ticket_of(ticket_id)
    rule = door_of(ticket.site_id)
    form = read(road_forms.HandOverForm, request, lines=ticket.lines, asks_photo=rule.asks_photo)
    signature = form["strokes"] or (f"typed:{form['typed'].strip()}" if form["typed"].strip() else "")
    place = (form["latitude"], form["longitude"], form["accuracy_m"]) if rule.asks_position else (None, None, None)
    photo = form["photo"]
    door = AtDoor(
        identity=Identity(form["identity"]),
        scans=tuple(form["scans"].split()),
        left=road_forms.ids(form["left"]),
        left_why=form["left_why"],
        latitude=place[0],
        longitude=place[1],
        accuracy_m=place[2],
        photo_name=photo.name if photo else "",
        photo=photo.read(10 * 1024 * 1024 + 1) if photo else b"",
        seal_intact=road_forms.whole_or_none(form["seal"]),
        note=form["note"],
    )
    hand_over(
        ticket_id=ticket_id,
        received_by=form["received_by"],
        relation=form["relation"],
        signature=signature,
        arrived_c=form["arrived_c"],
        door=door,
        by=request.actor,
    )
    warm = ticket_of(ticket_id).road.logger_verdict == "excursion"
    more = " It was out of its range: tell them not to use it before the pharmacist calls." if warm else ""
    return then(request, "delivery:driver", said=f"Handed over.{more}")


@writes
def door_position(request: Request, ticket_id: UUID) -> HttpResponse:
    read(StepForm, request)
    keep_door_position(ticket_id=ticket_id, by=request.actor)
    return then(request, "delivery:ticket", ticket_id, said="The home is on the map.")


@writes
def fail(request: Request, ticket_id: UUID) -> HttpResponse:
    said = read(road_forms.FailForm, request)
    fail_delivery(
        ticket_id=ticket_id, failure=Failure(said["failure"]), then_do=Next(said["then_do"]), note=said["note"], by=request.actor
    )
    return then(request, "delivery:driver", said="Noted. It stays with you until it is received back.")


@writes
def pass_on_view(request: Request, ticket_id: UUID) -> HttpResponse:
    said = read(road_forms.PassOnForm, request, people=pages.drivers())
    pass_on(
        ticket_id=ticket_id,
        to_driver=UUID(said["to_driver"]),
        place=said["place"],
        seal_intact=road_forms.whole_or_none(said["seal"]),
        by=request.actor,
    )
    return then(request, "delivery:ticket", ticket_id, said="Passed on.")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Malformed(Fault("day", f"“{text[:20]}” is no day such as 2026-11-23")) from None


@reads(READ.code)
def routes(request: Request) -> HttpResponse:
    day = _day(request.GET["day"]) if request.GET.get("day") else _today()
    return show(request, "delivery/routes.html", road_pages.routes_page(day, request.actor))


def _today() -> date:
    """The day at the first pharmacy."""
    first = next(iter(sites.pharmacies()), None)
    return today(first.timezone) if first else house_today()


@writes
def route_new(request: Request, site_id: UUID, day: str) -> HttpResponse:
    said = read(road_forms.RouteForm, request, people=pages.drivers())
    on = _day(day)
    leaves = datetime.combine(on, said["leaves"], tzinfo=ZoneInfo(sites.zone_of(site_id)))
    assign_route(
        site_id=site_id,
        day=on,
        name=said["name"],
        driver_id=UUID(said["driver"]),
        vehicle=said["vehicle"],
        leaves_at=leaves,
        stops=(),
        by=request.actor,
    )
    return then(request, f"/delivery/routes/?day={on.isoformat()}", said="The route is made; put stops on it.")


@writes
def route_stop(request: Request, route_id: UUID) -> HttpResponse:
    said = read(road_forms.StopForm, request)
    found = routes_where(id=route_id)
    if not found:
        raise NotFound(f"route {route_id}")
    r = found[0]
    assign_route(
        site_id=r.site_id,
        day=r.day,
        name=r.name,
        driver_id=r.driver,
        leaves_at=r.leaves_at,
        vehicle=r.vehicle,
        route_id=r.id,
        stops=_moved(r, said["stop"], said["move"]),
        by=request.actor,
    )
    return then(request, f"/delivery/routes/?day={r.day.isoformat()}", said="The route is changed.")


def _moved(r: RouteFact, key: str, move: str) -> list[StopWanted]:
    """The open stops of a route after one was added, moved by one place or taken off."""
    stops = [
        StopWanted(s.ticket_id, s.return_id, s.window_from, s.window_to, s.service_minutes, s.planned_at)
        for s in r.stops
        if s.done_at is None
    ]
    kind, _, text = key.partition(":")
    try:
        id = UUID(text)
    except ValueError:
        raise Malformed(Fault("stop", "name a delivery or a pick-up")) from None
    wanted = StopWanted(ticket_id=id) if kind == "delivery" else StopWanted(return_id=id)
    at = next((n for n, s in enumerate(stops) if (s.ticket_id or s.return_id) == id), None)
    if move == "add":
        return [*stops, wanted] if at is None else stops
    if at is None:
        raise Malformed(Fault("stop", "it is not on this route"))
    taken = stops.pop(at)
    if move != "off":
        stops.insert(max(at - 1, 0) if move == "up" else at + 1, taken)
    return stops


@reads(READ.code)
def returns(request: Request) -> HttpResponse:
    return show(request, "delivery/returns.html", packing_pages.returns_page(request.GET.get("state", ""), request.actor))


@reads(READ.code)
def returns_table(request: Request) -> HttpResponse:
    rows = packing_pages.back_rows(request.GET.get("state", ""), request.actor)
    return text_table(
        "returns",
        ["what", "kind", "quantity", "patient", "wanted on", "state", "where it went", "note"],
        (
            [
                r.fact.text,
                r.fact.kind,
                r.fact.quantity,
                r.patient,
                r.fact.wanted_on,
                r.fact.state,
                r.fact.disposition,
                r.fact.note,
            ]
            for r in rows
        ),
    )


@writes
def return_ask(request: Request) -> HttpResponse:
    said = read(road_forms.AskBackForm, request)
    patient_id = patients.id_by_mrn(said.pop("mrn").strip())
    if patient_id is None:
        raise Malformed(Fault("Patient's MRN", "there is no patient with this number"))
    serial, kind = said.pop("serial").strip(), ReturnKind(said.pop("kind"))
    held = {p.serial: p for p in inventory.pumps_of(patient_id)}
    if serial and serial not in held:
        raise Malformed(Fault("Serial number", "this patient has no such device"))
    site_id = held[serial].site_id if serial else (request.actor.site_id or next(iter(sites.pharmacies())).id)
    ask_back(
        patient_id=patient_id, site_id=site_id, kind=kind, pump_id=held[serial].id if serial else None, by=request.actor, **said
    )
    return then(request, "delivery:returns", said="Asked for.")


@writes
def return_step(request: Request, return_id: UUID, step: str) -> HttpResponse:
    said = read(StepForm, request)
    where = read(road_forms.DispositionForm, request)["disposition"] if step == "receive" else ""
    advance_return(
        return_id=return_id, step=step, reason=said["reason"], disposition=Disposition(where) if where else None, by=request.actor
    )
    return then(request, "delivery:driver" if step in {"collect", "miss"} else "delivery:returns", said="Done.")


@reads(READ.code)
def packing(request: Request) -> HttpResponse:
    return show(request, "delivery/packing.html", packing_pages.packing_page(request.actor))


@writes
def validation_new(request: Request, site_id: UUID) -> HttpResponse:
    said = read(road_forms.ValidationForm, request, codes=[(p.code, p.code) for p in pack_outs()])
    document = said.pop("document")
    study = Study(codes=tuple(said.pop("codes")), **said)
    enter_validation(
        site_id=site_id,
        study=study,
        file_name=document.name if document else "",
        document=document.read(10 * 1024 * 1024 + 1) if document else b"",
        by=request.actor,
    )
    return then(request, "delivery:packing", said="Entered; a second pharmacist approves it.")


@writes
def validation(request: Request, validation_id: UUID, step: str) -> HttpResponse:
    advance_validation(validation_id=validation_id, step=step, by=request.actor, **read(StepForm, request))
    return then(request, "delivery:packing", said="Done.")


@writes
def service_new(request: Request, site_id: UUID) -> HttpResponse:
    said = read(road_forms.ServiceForm, request)
    service = Service(
        new_id(),
        said["carrier"],
        said["name"],
        Lane(said["lane"]),
        said["cut_off"],
        tuple(int(d) for d in said["weekdays"]),
        said["hours"],
    )
    add_service(site_id=site_id, service=service, by=request.actor)
    return then(request, "delivery:packing", said="The service is added.")


@writes
def service_end(request: Request, service_id: UUID) -> HttpResponse:
    end_service(service_id=service_id, by=request.actor)
    return then(request, "delivery:packing", said="The service is ended.")


@writes
def door(request: Request, site_id: UUID) -> HttpResponse:
    set_door(site_id=site_id, by=request.actor, **read(road_forms.DoorForm, request))
    return then(request, "delivery:packing", said="Set.")
