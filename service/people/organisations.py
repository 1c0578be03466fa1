"""Add an organisation, and give it another name."""

from datetime import UTC, datetime
from uuid import UUID

from tenants.audit import record
from tenants.founding import add_organisation
from tenants.members import Member
from tenants.one_at_a_time import one_at_a_time
from tenants.scope import execute, fetch_value


class NameTaken(ValueError):
    """Another organisation that takes part has that name."""


async def add(*, by: Member, name: str, actor_type: str, is_authority: str) -> UUID:
    """A new organisation from today on. Raises NameTaken."""
    await _check_free(name)
    organisation_id = await add_organisation(
        name=name,
        actor_type=actor_type,
        is_authority=is_authority,
        joined_on=datetime.now(UTC).date(),
    )
    await record(
        by=by,
        verb="organisation.add",
        object_kind="organisation",
        object_id=organisation_id,
        detail={"actor_type": actor_type, "is_authority": is_authority},
    )
    return organisation_id


async def rename(*, by: Member, organisation_id: UUID, name: str) -> bool:
    """Whether it is there, and has the name now. Raises NameTaken."""
    await _check_free(name, apart_from=organisation_id)
    done = await execute(
        "UPDATE organisation SET name = $2 WHERE id = $1 AND left_on IS NULL",
        organisation_id,
        name,
    )
    if done == "UPDATE 0":
        return False
    await record(
        by=by, verb="organisation.rename", object_kind="organisation", object_id=organisation_id
    )
    return True


async def _check_free(name: str, apart_from: UUID | None = None) -> None:
    # Two who add the same one at the same moment wait for each other.
    await one_at_a_time("organisation")
    taken = await fetch_value(
        """SELECT true FROM organisation WHERE lower(name) = lower($1) AND left_on IS NULL
           AND id IS DISTINCT FROM $2 LIMIT 1""",
        name,
        apart_from,
    )
    if taken:
        raise NameTaken(name)
