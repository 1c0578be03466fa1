"""Hand in what a system sends: checked as the form is, told field by field, all or nothing."""

from datetime import datetime
from uuid import UUID, uuid4

from service.cycle.mapping.api.messages import NewReport, ReceivedReport, ReceivedReports
from service.cycle.mapping.check_text import check_text
from service.cycle.mapping.forms import Observation, Wrong, checked_period, checked_point
from service.cycle.mapping.forms import checked_text as text_within
from service.cycle.mapping.hand_in import (
    IN_SEVERAL_AREAS,
    Changed,
    NotYours,
    PointsOut,
    Refused,
    hand_in_report,
)
from service.cycle.mapping.place_types import PLACE_TYPES
from service.cycle.mapping.triage.weigh import Weighed, count_reports
from service.cycle.mapping.week import now
from service.web.clean import clean
from service.web.language import _
from service.web.problems import FieldError, Refusal
from tenants.members import Member
from tenants.one_at_a_time import beside_each_other
from tenants.scope import fetch

SOURCE = "api"
# What the form calls a question, and what the field is called here.
FIELD = {"category": "category", "text": "text", "form": "id", "when": "occurred_from"}


async def receive(reports: list[NewReport], *, by: Member) -> ReceivedReports:
    """Store all of them. Raises Refusal: 422 with what is wrong, 409 for an id that is taken."""
    at = now()
    areas = {row["key"]: row["id"] for row in await fetch(_AREAS)}
    errors: list[FieldError] = []
    read: list[tuple[int, NewReport, Observation]] = []
    for number, report in enumerate(reports):
        observation = _read(report, at, areas, f"/reports/{number}", errors)
        if observation is not None:
            read.append((number, report, observation))
    received: dict[int, ReceivedReport] = {}
    to_count: list[Weighed] = []
    taken = False
    await beside_each_other(IN_SEVERAL_AREAS)
    # In order of their ids: two who send the same reports in another order wait in line.
    read.sort(key=lambda one: one[2].report_id)
    for number, report, observation in read if not errors else ():
        try:
            receipt = await hand_in_report(
                by=by,
                observation=observation,
                source=SOURCE,
                anyway=report.sent_knowingly,
                count=False,
            )
        except PointsOut as found:
            # Where it stands in what was sent, so that a sender can show it; the words are the
            # sender's own. It was looked through as it is stored, which may be shorter.
            sent = await check_text(report.text)
            places = ", ".join(
                f"{one.start}–{one.end}" for one in sent.finds or found.checked.finds
            )
            message = _("%(why)s Tecken: %(places)s.", why=found.message, places=places)
            errors.append(FieldError(f"/reports/{number}/text", message))
        except Refused as refused:
            field = _place_field(report) if refused.question == "place" else refused.question
            errors.append(
                FieldError(f"/reports/{number}/{FIELD.get(field, field)}", refused.message)
            )
        except (Changed, NotYours):
            taken = True
            message = _("En annan rapport med samma id är redan mottagen.")
            errors.append(FieldError(f"/reports/{number}/id", message))
        else:
            received[number] = ReceivedReport(
                receipt.report_id,
                receipt.received_at,
                receipt.category,
                receipt.area_name,
                receipt.held,
            )
            if receipt.to_count is not None:
                to_count.append(receipt.to_count)
    if errors:
        errors.sort(key=lambda one: int(one.pointer.split("/")[2]))
        raise Refusal(409 if taken else 422, errors=errors)
    await count_reports(to_count)
    return ReceivedReports([received[number] for number in range(len(reports))])


# Also those that were exchanged: a system goes on sending their keys, and they lead on.
_AREAS = "SELECT key, id FROM area"


def _read(
    report: NewReport,
    at: datetime,
    areas: dict[str, UUID],
    here: str,
    errors: list[FieldError],
) -> Observation | None:
    """The report as the form would have it; None with what is wrong added to `errors`."""
    before = len(errors)

    def wrong(field: str, message: str) -> None:
        errors.append(FieldError(f"{here}/{field}", message))

    if sum(one is not None for one in (report.area, report.place_name, report.point)) != 1:
        wrong("area", _("Ange precis en av area, place_name och point."))
    area_id = areas.get(report.area) if report.area is not None else None
    if report.area is not None and area_id is None:
        wrong("area", _("Kommunen har inget område med den nyckeln."))
    latitude = longitude = None
    if report.point is not None:
        try:
            latitude, longitude = checked_point(report.point.latitude, report.point.longitude)
        except Wrong as error:
            wrong("point", str(error))
    if report.place_type is not None and report.place_type not in PLACE_TYPES:
        wrong("place_type", _("Ingen sorts plats heter så."))
    text = clean(report.text or "")
    try:
        text_within(text, report.category)
    except Wrong as error:
        wrong("text", str(error))
    start = report.occurred_from
    end = report.occurred_to or start
    try:
        start, end = checked_period(start, end, at)
    except Wrong as error:
        wrong("occurred_from", str(error))
    if len(errors) > before:
        return None
    return Observation(
        report_id=report.id or uuid4(),
        category=clean(report.category),
        area_id=area_id,
        area_name=clean(report.place_name) if report.place_name is not None else None,
        latitude=latitude,
        longitude=longitude,
        place_type=report.place_type,
        time_kind="exact" if start == end else "interval",
        occurred_from=start,
        occurred_to=end,
        text=text or None,
        concern=report.concern,
        seen_before=report.seen_before,
        action_taken=report.action_taken,
        police_report=report.police_report,
    )


def _place_field(report: NewReport) -> str:
    return "place_name" if report.place_name is not None else "point" if report.point else "area"
