"""The acts of triage, each one transaction: its row, the counts, the audit line, a new picture."""

from uuid import UUID, uuid4

from service.cycle.mapping.areas.propose import begun_proposal
from service.cycle.mapping.check_text import check_text
from service.cycle.mapping.forms import TEXT_LIMIT
from service.cycle.mapping.triage.weigh import TRIAGE, group_of, kept_in_step
from service.web.language import _
from service.web.live import announce
from tenants import audit
from tenants.jobs import ask
from tenants.members import Member
from tenants.one_at_a_time import turn_is_free
from tenants.scope import execute, fetch_row, fetch_value


class NoSuchReport(LookupError):
    """There is no report of that id here."""


class Refused(ValueError):
    """The act cannot be done as asked; the message is for who asked."""


async def review(*, by: Member, report_id: UUID, outcome: str) -> None:
    """Approve or reject; the same answer again changes nothing, another one replaces it."""
    reports = await _group(report_id)
    known = await fetch_value("SELECT outcome FROM review WHERE report_id = $1", report_id)
    if known == outcome:
        return
    async with kept_in_step(reports):
        await execute("DELETE FROM review WHERE report_id = $1", report_id)
        await _reviewed(by, report_id, outcome)
    await _tell(by, f"report.{outcome}", report_id)


async def merge(*, by: Member, report_id: UUID, into: UUID) -> None:
    """Say that both tell of one event: they count as one, and both actors keep their part."""
    reports = await _group(report_id, into)
    if report_id == into or not {report_id, into} <= set(reports):
        raise NoSuchReport(into)
    root = await _root(into)
    if root == await _root(report_id):
        return
    async with kept_in_step(reports):
        # Whatever was merged into this one goes along with it.
        await execute(
            """WITH moved AS (DELETE FROM report_merge WHERE report_id = $1 OR into_id = $1
                              RETURNING report_id)
               INSERT INTO report_merge (tenant_id, report_id, into_id, person_id)
               SELECT ks.current_tenant(), id, $2, $3
               FROM (SELECT report_id AS id FROM moved WHERE report_id <> $1
                     UNION SELECT $1) AS one""",
            report_id,
            root,
            by.person_id,
        )
        await execute("DELETE FROM review WHERE report_id = $1", report_id)
        await _reviewed(by, report_id, "approved")
    await _tell(by, "report.merge", report_id, into=str(root))


async def undo(*, by: Member, report_id: UUID) -> None:
    """Take back what was decided: the report waits again, and counts for itself."""
    reports = await _group(report_id)
    async with kept_in_step(reports):
        gone = await fetch_value(
            """WITH merged AS (DELETE FROM report_merge WHERE report_id = $1 RETURNING 1),
                    reviewed AS (DELETE FROM review WHERE report_id = $1 RETURNING 1)
               SELECT (SELECT count(*) FROM merged) + (SELECT count(*) FROM reviewed)""",
            report_id,
        )
    if gone:
        await _tell(by, "report.undo", report_id)


async def correct(*, by: Member, report_id: UUID, category: str, area: UUID) -> None:
    """Put category and place right; what they were stays in the trace.

    What the report has already may stay, also where it is offered no more.
    """
    reports = await _group(report_id)
    was = await fetch_row("SELECT category_id, area_id FROM report WHERE id = $1", report_id)
    assert was is not None  # Locked above.
    wanted = await fetch_row(
        """SELECT (SELECT id FROM category
                   WHERE key = $1 AND (hidden_on IS NULL OR id = $3)) AS category,
                  (SELECT id FROM area
                   WHERE id = $2 AND (retired_on IS NULL OR id = $4)) AS area""",
        category,
        area,
        was["category_id"],
        was["area_id"],
    )
    if wanted is None or wanted["category"] is None or wanted["area"] is None:
        raise Refused(_("Välj en kategori och en plats i listorna."))
    async with kept_in_step(reports):
        for field in ("category", "area"):
            if was[f"{field}_id"] != wanted[field]:
                await _trace(by, report_id, field, was[f"{field}_id"], wanted[field])
        await execute(
            "UPDATE report SET category_id = $2, area_id = $3 WHERE id = $1",
            report_id,
            wanted["category"],
            wanted["area"],
        )
    await _tell(by, "report.correct", report_id)


async def release(*, by: Member, report_id: UUID) -> None:
    """The held text points out nobody: it stands in the report from now on."""
    await _group(report_id)
    await _must_read(by, report_id)
    text = await fetch_value("DELETE FROM held_text WHERE report_id = $1 RETURNING text", report_id)
    if text is None:
        return
    await execute("UPDATE report SET text = $2 WHERE id = $1", report_id, text)
    await _tell(by, "report.release", report_id)


async def redact(*, by: Member, report_id: UUID, text: str) -> None:
    """Put another text in place of the report's, held or not; what it said is gone for good."""
    await _group(report_id)
    await _must_read(by, report_id)
    if len(text) > TEXT_LIMIT:
        raise Refused(_("Texten får vara högst %(limit)s tecken.", limit=TEXT_LIMIT))
    if (await check_text(text)).certain:
        raise Refused(_("Ta bort det markerade ur beskrivningen. Det leder till en person."))
    await execute("DELETE FROM held_text WHERE report_id = $1", report_id)
    await execute("UPDATE report SET text = $2 WHERE id = $1", report_id, text or None)
    await _trace(by, report_id, "text", None, None)
    await _tell(by, "report.redact", report_id)


async def _group(*reports: UUID) -> list[UUID]:
    # A colleague is done in a moment; an exchange in a large town is not.
    if not await turn_is_free(TRIAGE) and await begun_proposal():
        raise Refused(
            _("Områdena byts just nu, och det kan ta någon minut. Försök igen när det är klart.")
        )
    found = await group_of(*reports)
    if not set(reports) <= set(found):
        raise NoSuchReport(reports)
    return found


async def _must_read(by: Member, report_id: UUID) -> None:
    """The words of another organisation are for authorities; who may not read decides nothing."""
    own = await fetch_value(
        "SELECT organisation_id = $2 FROM report WHERE id = $1", report_id, by.organisation_id
    )
    if not (own or by.is_authority):
        raise Refused(_("Texten visas bara för myndigheter."))


async def _root(report_id: UUID) -> UUID:
    into = await fetch_value("SELECT into_id FROM report_merge WHERE report_id = $1", report_id)
    return into or report_id


async def _reviewed(by: Member, report_id: UUID, outcome: str) -> None:
    await execute(
        """INSERT INTO review (tenant_id, report_id, outcome, person_id)
           VALUES (ks.current_tenant(), $1, $2, $3)""",
        report_id,
        outcome,
        by.person_id,
    )


async def _trace(
    by: Member, report_id: UUID, field: str, was: UUID | None, became: UUID | None
) -> None:
    await execute(
        """INSERT INTO report_correction
               (tenant_id, id, report_id, field, was, became, person_id)
           VALUES (ks.current_tenant(), $1, $2, $3, $4, $5, $6)""",
        uuid4(),
        report_id,
        field,
        was,
        became,
        by.person_id,
    )


async def _tell(by: Member, verb: str, report_id: UUID, **detail: str) -> None:
    await audit.record(
        by=by, verb=verb, object_kind="report", object_id=report_id, detail=dict(detail)
    )
    await announce("inbox")
    await ask("picture.compile", by=by)
