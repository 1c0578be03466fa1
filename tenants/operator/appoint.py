"""Appoint and dismiss who runs the platform: from a shell alone, never from a page."""

from uuid import UUID

from tenants.founding import add_person
from tenants.scope import execute, operator_scope


async def appoint(*, issuer: str, subject: str, name: str) -> UUID:
    """Make the person behind `issuer` + `subject` an operator; opens an operator's scope."""
    async with operator_scope():
        person_id = await add_person(issuer=issuer, subject=subject, name=name)
        await execute(
            """INSERT INTO platform_operator (person_id) VALUES ($1)
               ON CONFLICT (person_id) DO UPDATE SET appointed_at = now(), dismissed_at = NULL""",
            person_id,
        )
    return person_id


async def dismiss(*, issuer: str, subject: str) -> bool:
    """Whether there was such an operator; opens an operator's scope."""
    async with operator_scope():
        done = await execute(
            """UPDATE platform_operator SET dismissed_at = now()
               WHERE dismissed_at IS NULL AND person_id = (
                   SELECT person_id FROM identity WHERE issuer = $1 AND subject = $2)""",
            issuer,
            subject,
        )
    return done == "UPDATE 1"
