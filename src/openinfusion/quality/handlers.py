# SPDX-License-Identifier: Apache-2.0
"""What quality does on news: every excursion, failed sample, failed certification, recall, trouble at the bench, package and

discrepancy of a controlled substance opens an incident.
"""

from __future__ import annotations

from openinfusion.compounding.events import BenchTrouble
from openinfusion.delivery.events import PackageLeftRange
from openinfusion.inventory import public as inventory
from openinfusion.inventory.events import DiscrepancyOpened, LotRecalled
from openinfusion.kernel.refusal import Refused
from openinfusion.nursing.events import EntryQuestioned, ReactionRecorded
from openinfusion.platform.actor import Actor
from openinfusion.platform.clock import now
from openinfusion.platform.news import on
from openinfusion.quality.actions.incident import end_trouble, open_incident
from openinfusion.quality.domain.incident import IncidentKind
from openinfusion.quality.domain.trouble import Trouble
from openinfusion.sites.events import CertificationFailed, ExcursionBegan, ExcursionEnded, SampleExceeded

REACTION_GRADE = 2  # milder ones are looked at by the pharmacist as clinical events only


@on(ExcursionBegan)
def open_for_excursion(news: ExcursionBegan, by: Actor) -> None:
    """A place left its range: from then on, until it is back."""
    open_incident(
        trouble=Trouble(
            IncidentKind.EXCURSION,
            news.title,
            news.began_at,
            news.site_id,
            place_kind=news.place_kind,
            place_id=news.place_id,
            source=f"excursion:{news.excursion_id}",
        ),
        by=by,
    )


@on(ExcursionEnded)
def end_excursion(news: ExcursionEnded, by: Actor) -> None:
    """The place is back in range; the incident keeps its window."""
    try:
        end_trouble(source=f"excursion:{news.excursion_id}", ended_at=news.ended_at, by=by)
    except Refused:  # an excursion from before there were incidents
        return


@on(SampleExceeded)
def open_for_sample(news: SampleExceeded, by: Actor) -> None:
    """A count over its level: whatever was made there since the place was last clear."""
    open_incident(
        trouble=Trouble(
            IncidentKind.SAMPLE,
            news.title,
            min(news.clear_at, now()),
            news.site_id,
            place_kind=news.place_kind,
            place_id=news.place_id,
            source=f"sample:{news.sample_id}",
        ),
        by=by,
    )


@on(CertificationFailed)
def open_for_certification(news: CertificationFailed, by: Actor) -> None:
    """A room or hood that did not pass: whatever was made there since it last did."""
    open_incident(
        trouble=Trouble(
            IncidentKind.CERTIFICATION,
            news.title,
            min(news.clear_at, now()),
            news.site_id,
            place_kind=news.place_kind,
            place_id=news.place_id,
            source=f"certification:{news.certification_id}",
        ),
        by=by,
    )


@on(LotRecalled)
def open_for_recall(news: LotRecalled, by: Actor) -> None:
    """A recalled lot: whatever was made with it."""
    lot = inventory.lot(news.lot_id)
    open_incident(
        trouble=Trouble(
            IncidentKind.RECALL,
            f"Recall of lot {lot.number}",
            now(),
            lot_ids=(news.lot_id,),
            source=f"recall:{news.lot_id}",
        ),
        by=by,
    )


@on(BenchTrouble)
def open_for_bench(news: BenchTrouble, by: Actor) -> None:
    """A report of the bench that the house looks into: a near miss, a refused second look, a wrong package."""
    where = f"Work order {news.order_number}" + (f", {news.hood_name}" if news.hood_name else "")
    open_incident(
        trouble=Trouble(
            IncidentKind.COMPOUNDING,
            f"{news.report_kind.replace('_', ' ').capitalize()} at the bench: {news.text}",
            min(news.at, now()),
            news.site_id,
            what=where,
            ended_at=min(news.at, now()),
            source=f"bench_report:{news.report_id}",
        ),
        by=by,
    )


@on(DiscrepancyOpened)
def open_for_discrepancy(news: DiscrepancyOpened, by: Actor) -> None:
    """A controlled substance was counted otherwise than the book says: the lot, and whatever was made with it."""
    open_incident(
        trouble=Trouble(
            IncidentKind.DISCREPANCY,
            f"Discrepancy of a controlled substance: {news.title}",
            min(news.at, now()),
            news.site_id,
            lot_ids=(news.lot_id,),
            source=f"discrepancy:{news.discrepancy_id}",
        ),
        by=by,
    )


@on(PackageLeftRange)
def open_for_package(news: PackageLeftRange, by: Actor) -> None:
    """A package left its range on the way, and nothing on file says that what is in it bears that."""
    open_incident(
        trouble=Trouble(
            IncidentKind.DELIVERY,
            f"Delivery {news.number} left its temperature range on the way",
            min(news.began_at, now()),
            news.site_id,
            what=news.text,
            ended_at=min(news.ended_at, now()),
            source=f"package:{news.record_id}",
        ),
        by=by,
    )


@on(ReactionRecorded)
def open_for_reaction(news: ReactionRecorded, by: Actor) -> None:
    """A reaction at a visit, from grade 2 on: what was given, how, and whether the protocol was kept."""
    if news.grade >= REACTION_GRADE:
        open_incident(
            trouble=Trouble(IncidentKind.OTHER, news.text[:200], min(news.at, now()), news.site_id, ended_at=min(news.at, now()),
                            source=f"reaction:{news.visit_id}"),
            by=by,
        )


@on(EntryQuestioned)
def open_for_entry(news: EntryQuestioned, by: Actor) -> None:
    """Something was done at a visit that a check speaks against: a drug that should not have been given, another pump."""
    open_incident(
        trouble=Trouble(IncidentKind.OTHER, f"At a visit, done in spite of a check: {news.text}"[:200], min(news.at, now()),
                        news.site_id, ended_at=min(news.at, now()), source=f"visit:{news.visit_id}"),
        by=by,
    )
