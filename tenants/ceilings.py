"""How high a role a provider may vouch for in a municipality."""

from enum import StrEnum

from tenants.roles import Role


class Ceiling(StrEnum):
    """From lowest to highest; each step holds those below it."""

    OWN_ORGANISATION = "own_organisation"
    PREPARING = "preparing"
    GOVERNING = "governing"
    RUNNING = "running"


_ADDS: dict[Ceiling, frozenset[Role]] = {
    Ceiling.OWN_ORGANISATION: frozenset(
        {Role.REPORTER, Role.ORG_CONTACT, Role.WORKING_GROUP_MEMBER}
    ),
    Ceiling.PREPARING: frozenset(
        {Role.WORKING_GROUP_LEAD, Role.PREPARATORY_MEMBER, Role.MUNICIPAL_POLICE}
    ),
    Ceiling.GOVERNING: frozenset(
        {
            Role.STEERING_CO_OPTED,
            Role.STEERING_MEMBER,
            Role.PROJECT_OWNER,
            Role.RECORDS_OFFICER,
            Role.DPO,
            Role.AUDITOR,
        }
    ),
    Ceiling.RUNNING: frozenset(
        {Role.SAFETY_COORDINATOR, Role.TENANT_ADMIN, Role.PLATFORM_OPERATOR}
    ),
}


def roles_within(ceiling: Ceiling) -> frozenset[Role]:
    """The roles that count in a session whose provider has this ceiling."""
    steps = list(Ceiling)
    return frozenset().union(*(_ADDS[step] for step in steps[: steps.index(ceiling) + 1]))
