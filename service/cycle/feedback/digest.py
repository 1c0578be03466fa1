"""The digest: with each approved picture every actor is told in a few lines what it says."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from asyncpg import Record

from service.cycle.picture import lay_out
from service.cycle.picture.editions.read import read_head
from service.letters.post import post_letter
from service.web.language import _
from service.web.letters import link
from tenants import audit
from tenants.members import Member
from tenants.roles import ROLES, Permission
from tenants.scope import fetch, fetch_row, fetch_value

LARGEST = 5
FIRST_EDITION = timedelta(weeks=4)
"""How far back the first digest of a municipality looks."""

# Those who report hear what came of it: who may read feedback, by any role that they hold now.
_ACTORS = """
SELECT DISTINCT ON (person_id) person_id, organisation_id FROM membership
JOIN organisation ON organisation.id = membership.organisation_id
WHERE role = ANY($1) AND valid_from <= now() AND (valid_to IS NULL OR valid_to > now())
  AND (organisation.left_on IS NULL OR organisation.left_on > ks.today())
  AND NOT EXISTS (SELECT FROM digest_opt_out
                  WHERE digest_opt_out.person_id = membership.person_id)
ORDER BY person_id, valid_from
"""
_DECISIONS = """
SELECT decision.paragraph, decision.year, decision.decided_at, measure.title
FROM decision JOIN proposal ON proposal.id = decision.proposal_id
JOIN measure ON measure.id = proposal.measure_id
WHERE decision.outcome = 'approved' AND decision.decided_at > $1 AND decision.decided_at <= $2
ORDER BY decision.decided_at
"""


@dataclass(frozen=True)
class Digest:
    """What is alike in every actor's digest: sums that anybody who reports may see."""

    subject: str
    since: datetime
    until: datetime
    values: dict[str, Any]


async def post_digests(edition_id: UUID) -> int:
    """Post the digest of an edition to every actor who wants it; returns how many were new.

    Asked for again it changes nothing: a letter about an edition is posted once to a person.
    """
    digest = await _write(edition_id)
    given = await _given(digest.since, digest.until)
    posted = 0
    for row in await fetch(_ACTORS, _feedback_roles()):
        posted += await post_letter(
            to=row["person_id"],
            kind="digest",
            about=edition_id,
            subject=digest.subject,
            template="cycle/feedback/digest.txt",
            **digest.values,
            reports=given.get(row["organisation_id"], 0),
        )
    return posted


def _feedback_roles() -> list[str]:
    return [role for role, granted in ROLES.items() if Permission.FEEDBACK_READ in granted]


async def _write(edition_id: UUID) -> Digest:
    edition = await fetch_row(
        """SELECT edition.frozen_at, edition.content->'sums' AS sums,
                  municipality.slug, municipality.name,
                  (SELECT max(frozen_at) FROM edition AS earlier
                   WHERE earlier.frozen_at < edition.frozen_at) AS before
           FROM edition JOIN municipality ON municipality.id = edition.tenant_id
           WHERE edition.id = $1""",
        edition_id,
    )
    assert edition is not None, "An edition is never deleted."
    sums = msgspec.json.decode(edition["sums"])
    head = await read_head(edition_id)
    since = edition["before"] or edition["frozen_at"] - FIRST_EDITION
    return Digest(
        subject=_("%(name)s: %(edition)s", name=edition["name"], edition=head.name),
        since=since,
        until=edition["frozen_at"],
        values={
            "name": edition["name"],
            "edition": head.name,
            "actors": sums["actors"],
            "groups": _largest(sums),
            "period": lay_out.period_weeks(sums),
            "decisions": _decisions(await fetch(_DECISIONS, since, edition["frozen_at"])),
            "address": link(f"/{edition['slug']}/lagesbild/utgavor/{edition_id}"),
            "feedback": link(f"/{edition['slug']}/aterkoppling"),
        },
    )


def _largest(sums: dict[str, Any]) -> list[list[str]]:
    """Area, category and count of the largest groups that have a name of their own."""
    named = [group for group in sums["groups"] if group["area"] and group["category"]]
    largest = sorted(named, key=lambda group: -group["count"])[:LARGEST]
    return lay_out.group_rows({"groups": largest})


def _decisions(rows: Sequence[Record]) -> list[dict[str, Any]]:
    return [dict(row) for row in rows]


async def _given(since: datetime, until: datetime) -> dict[UUID, int]:
    """Reports that each organisation handed in between the two editions."""
    rows = await fetch(
        """SELECT organisation_id, count(*) AS reports FROM report
           WHERE received_at > $1 AND received_at <= $2 GROUP BY organisation_id""",
        since,
        until,
    )
    return {row["organisation_id"]: row["reports"] for row in rows}


async def wants_digest(person_id: UUID) -> bool:
    return not await fetch_value(
        "SELECT EXISTS (SELECT FROM digest_opt_out WHERE person_id = $1)", person_id
    )


async def choose_digest(*, by: Member, wanted: bool) -> None:
    """Note whether `by` wants the digest of this municipality."""
    if wanted:
        changed = await fetch_value(
            "DELETE FROM digest_opt_out WHERE person_id = $1 RETURNING true", by.person_id
        )
    else:
        changed = await fetch_value(
            """INSERT INTO digest_opt_out (tenant_id, person_id) VALUES (ks.current_tenant(), $1)
               ON CONFLICT (tenant_id, person_id) DO NOTHING RETURNING true""",
            by.person_id,
        )
    if changed:
        await audit.record(
            by=by,
            verb="digest.want" if wanted else "digest.decline",
            object_kind="municipality",
            object_id=by.municipality.id,
        )
