"""Write the nine invented municipalities into an empty database."""

import asyncio
import json
from collections.abc import Callable, Iterable
from datetime import datetime
from time import perf_counter
from typing import Any, NamedTuple
from uuid import UUID, uuid4

import numpy as np
import numpy.typing as npt

from service.council.seats.lay_out import lay_out_seats
from service.cycle.mapping.lay_out import lay_out_categories
from service.cycle.mapping.spread import monday
from service.cycle.mapping.week import now as present
from service.demo.cast import OPERATOR, CastMember, people
from service.demo.count import Hourly, Weekly, count
from service.demo.cycle.fill import fill_cycle
from service.demo.cycle.people import Cast
from service.demo.cycle.then import Ids
from service.demo.generate import CATEGORIES, PLACES, TIME_KINDS, World, generate
from service.demo.nine import NINE, DemonstrationMunicipality
from service.demo.texts import TEXTS
from service.geography import municipalities
from tenants.founding import (
    accept_provider,
    add_membership,
    add_organisation,
    add_person,
    found_municipality,
)
from tenants.jobs import ask
from tenants.operator.appoint import appoint
from tenants.scope import (
    copy_records,
    execute,
    execute_many,
    fetch_row,
    fetch_value,
    platform_scope,
    tenant_scope,
)

PROVIDER = "local"
NOBODY = "urn:kraftsamling:demonstration"  # issuer of identities where no provider can log in
AT_ONCE = 2

Progress = Callable[[str], Any]

# COPY is refused into a walled table, so rows pass through temporary ones. Small numbers stand
# for the ids of areas, categories and organisations until the last step.
REPORTS = """
CREATE TEMP TABLE seed_report (
    id uuid, organisation int, person int, category int, area int, latitude float8,
    longitude float8, place_type text, time_kind text, occurred_from float8, occurred_to float8,
    text text, received float8
) ON COMMIT DROP
"""
WEEKLY = """
CREATE TEMP TABLE seed_weekly (
    week date, area int, category int, organisation int, arrival_week date, count float8
) ON COMMIT DROP
"""
HOURLY = """
CREATE TEMP TABLE seed_hourly (
    week date, area int, category int, hour smallint, count float8
) ON COMMIT DROP
"""
KEEP_REPORTS = """
INSERT INTO report (tenant_id, id, organisation_id, person_id, category_id, area_id, latitude,
                    longitude, place_type, time_kind, occurred_from, occurred_to, text, source,
                    received_at)
SELECT ks.current_tenant(), id, ($1::uuid[])[organisation + 1], ($4::uuid[])[person + 1],
       ($2::uuid[])[category + 1], ($3::uuid[])[area + 1], latitude, longitude, place_type,
       time_kind, to_timestamp(occurred_from), to_timestamp(occurred_to), text, 'form',
       to_timestamp(received)
FROM seed_report
"""
KEEP_WEEKLY = """
INSERT INTO weekly_count (tenant_id, week, area_id, category_id, organisation_id, source,
                          arrival_week, count)
SELECT ks.current_tenant(), week, ($3::uuid[])[area + 1], ($2::uuid[])[category + 1],
       ($1::uuid[])[organisation + 1], 'form', arrival_week, count
FROM seed_weekly
"""
KEEP_HOURLY = """
INSERT INTO hourly_count (tenant_id, week, area_id, category_id, hour_of_week, count)
SELECT ks.current_tenant(), week, ($2::uuid[])[area + 1], ($1::uuid[])[category + 1], hour, count
FROM seed_hourly
"""
KEEP_ZERO_REPORTS = """
INSERT INTO zero_report (tenant_id, organisation_id, week, received_at)
SELECT ks.current_tenant(), organisation, week, to_timestamp(received)
FROM unnest($1::uuid[], $2::date[], $3::float8[]) AS said (organisation, week, received)
"""


class Login(NamedTuple):
    """The provider whose people the municipalities let in; no id where there is none."""

    issuer: str
    provider_id: UUID | None


async def seed(
    progress: Progress = print, *, codes: Iterable[str] | None = None, now: datetime | None = None
) -> int:
    """Found what is missing of the nine (or of `codes`) and fill it; returns how many were filled.

    Each municipality's content is one transaction: what was cut short is taken up next time, and
    what is there is left alone. Needs an open pool with an operator's connection.
    """
    started = perf_counter()
    moment = now or present()
    wanted = [town for town in NINE if codes is None or town.code in set(codes)]
    login = await _login()
    members = await _known_people(wanted, login)
    subject, name, _ = OPERATOR
    await appoint(issuer=login.issuer, subject=subject, name=name)
    # The largest first: then the last ones to finish are small.
    line = asyncio.Semaphore(AT_ONCE)

    async def one(town: DemonstrationMunicipality) -> bool:
        async with line:
            return await _fill(town, moment, login, members, progress)

    # One that fails ends the others: whoever waited for a connection would wait for ever.
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(one(town)) for town in reversed(wanted)]
    filled = sum(task.result() for task in tasks)
    if filled:
        progress(f"{filled} påhittade kommuner på {perf_counter() - started:.1f} s")
    return filled


async def _login() -> Login:
    async with platform_scope():
        row = await fetch_row("SELECT id, issuer FROM provider WHERE name = $1", PROVIDER)
    return Login(row["issuer"], row["id"]) if row else Login(NOBODY, None)


async def _known_people(wanted: list[DemonstrationMunicipality], login: Login) -> dict[str, UUID]:
    """The ids of the cast by subject: people are the platform's, memberships a municipality's."""
    codes = {town.code for town in wanted}
    known: dict[str, UUID] = {}
    async with platform_scope():
        for one in people():
            if one.code in codes and one.subject not in known:
                known[one.subject] = await add_person(
                    issuer=login.issuer,
                    subject=one.subject,
                    name=one.name,
                    email=f"{one.subject}@exempel.test",
                )
    return known


async def _fill(
    town: DemonstrationMunicipality,
    now: datetime,
    login: Login,
    known: dict[str, UUID],
    progress: Progress,
) -> bool:
    slug = next(slug for code, _, slug in municipalities() if code == town.code)
    tenant_id = await found_municipality(
        code=town.code, slug=slug, name=town.name, demonstration=True
    )
    async with tenant_scope(tenant_id):
        if await fetch_value("SELECT EXISTS (SELECT FROM organisation)"):
            return False
    began = perf_counter()
    # Drawing takes a second of one core: meanwhile the database writes the neighbour.
    world = await asyncio.to_thread(generate, town.code, now)
    weekly, hourly = await asyncio.to_thread(count, world.reports)
    async with tenant_scope(tenant_id):
        if login.provider_id is not None:
            await accept_provider(login.provider_id)
        await lay_out_seats()
        categories = await lay_out_categories()
        rows = Ids(
            organisations=[await _organisation(one) for one in world.organisations],
            categories=[categories[key] for key in CATEGORIES],
            areas=await _areas(world),
        )
        reporters = await _members(town, world, rows.organisations, known)
        await _reports(world, rows, reporters)
        await _zero_reports(world, rows)
        await _counts(weekly, hourly, rows)
        await fill_cycle(world, weekly, rows, _cast(town, slug, world, rows, known))
        await ask("picture.compile")
        await ask("picture.near_repeat")
        await ask("municipality.welcome")
    progress(
        f"{town.name}: {len(world.reports.area)} rapporter, {len(world.areas)} områden, "
        f"{len(world.organisations)} organisationer på {perf_counter() - began:.1f} s"
    )
    return True


async def _organisation(one: Any) -> UUID:
    return await add_organisation(
        name=one.name,
        actor_type=one.actor_type,
        is_authority=one.is_authority,
        joined_on=one.joined_on,
    )


async def _areas(world: World) -> list[UUID]:
    ids = [uuid4() for _ in world.areas]
    await execute_many(
        """INSERT INTO area (tenant_id, id, key, name, kind, locality, latitude, longitude,
                             boundary)
           VALUES (ks.current_tenant(), $1, $2, $3, $4, $5, $6, $7, $8)""",
        [
            (area_id, *area[:-1], json.dumps(area.boundary, separators=(",", ":")))
            for area_id, area in zip(ids, world.areas, strict=True)
        ],
    )
    return ids


async def _members(
    town: DemonstrationMunicipality,
    world: World,
    organisations: list[UUID],
    known: dict[str, UUID],
) -> list[UUID | None]:
    """Memberships of the cast; returns who reports for each organisation, None for nobody."""
    reporters: list[UUID | None] = [None] * len(organisations)
    for one in people():
        if one.code != town.code:
            continue
        place = _place_of(one, world)
        await add_membership(
            person_id=known[one.subject],
            organisation_id=organisations[place],
            role=one.role,
            seat=one.seat,
        )
        if one.role == "reporter":
            reporters[place] = known[one.subject]
    return reporters


def _cast(
    town: DemonstrationMunicipality, slug: str, world: World, rows: Ids, known: dict[str, UUID]
) -> Cast:
    """Who acts in the cycle; who works in two municipalities is nobody's key here."""
    own = [one for one in people() if one.code == town.code and one.subject.startswith(slug)]
    keys = {one.subject.removeprefix(f"{slug}-"): one for one in own}
    return Cast(
        persons={key: known[one.subject] for key, one in keys.items()},
        names={
            key: (one.name, world.organisations[_place_of(one, world)].name)
            for key, one in keys.items()
        },
        organisations={
            one.name: rows.organisations[place] for place, one in enumerate(world.organisations)
        },
        housing=town.housing,
    )


def _place_of(one: CastMember, world: World) -> int:
    for place, organisation in enumerate(world.organisations):
        if one.organisation in (organisation.name, organisation.actor_type):
            return place
    raise LookupError(f"{one.municipality} has no {one.organisation}")


async def _reports(world: World, rows: Ids, reporters: list[UUID | None]) -> None:
    reports = world.reports
    bits = np.random.default_rng([int(world.code), len(reports.area)])
    await execute(REPORTS)
    await copy_records(
        table="seed_report",
        columns=[
            "id",
            "organisation",
            "person",
            "category",
            "area",
            "latitude",
            "longitude",
            "place_type",
            "time_kind",
            "occurred_from",
            "occurred_to",
            "text",
            "received",
        ],
        records=zip(
            [UUID(bytes=bits.bytes(16), version=4) for _ in range(len(reports.area))],
            reports.organisation.tolist(),
            reports.organisation.tolist(),
            reports.category.tolist(),
            reports.area.tolist(),
            _or_none(reports.latitude),
            _or_none(reports.longitude),
            [PLACES[i] if i >= 0 else None for i in reports.place_type.tolist()],
            [TIME_KINDS[i] for i in reports.kind.tolist()],
            reports.occurred_from.tolist(),
            reports.occurred_to.tolist(),
            _words(reports.category.tolist(), reports.text.tolist()),
            reports.received.tolist(),
            strict=True,
        ),
    )
    await execute(KEEP_REPORTS, rows.organisations, rows.categories, rows.areas, reporters)


def _or_none(values: npt.NDArray[np.float64]) -> list[float | None]:
    return [None if value != value else value for value in values.tolist()]


def _words(categories: list[int], texts: list[int]) -> list[str | None]:
    return [
        TEXTS[CATEGORIES[category]][text] if text >= 0 else None
        for category, text in zip(categories, texts, strict=True)
    ]


async def _zero_reports(world: World, rows: Ids) -> None:
    said = world.zero_reports
    await execute(
        KEEP_ZERO_REPORTS,
        [rows.organisations[i] for i in said.organisation.tolist()],
        [world.week(i) for i in said.week.tolist()],
        said.received.tolist(),
    )


async def _counts(weekly: Weekly, hourly: Hourly, rows: Ids) -> None:
    await execute(WEEKLY)
    await copy_records(
        table="seed_weekly",
        columns=["week", "area", "category", "organisation", "arrival_week", "count"],
        records=zip(
            _mondays(weekly.week),
            weekly.area.tolist(),
            weekly.category.tolist(),
            weekly.organisation.tolist(),
            _mondays(weekly.arrival_week),
            weekly.amount.tolist(),
            strict=True,
        ),
    )
    await execute(KEEP_WEEKLY, rows.organisations, rows.categories, rows.areas)
    await execute(HOURLY)
    await copy_records(
        table="seed_hourly",
        columns=["week", "area", "category", "hour", "count"],
        records=zip(
            _mondays(hourly.week),
            hourly.area.tolist(),
            hourly.category.tolist(),
            hourly.hour.tolist(),
            hourly.amount.tolist(),
            strict=True,
        ),
    )
    await execute(KEEP_HOURLY, rows.categories, rows.areas)


def _mondays(weeks: npt.NDArray[np.int64]) -> list[Any]:
    known = {week: monday(week) for week in set(weeks.tolist())}
    return [known[week] for week in weeks.tolist()]
