"""The table of roles contradicts itself nowhere, and holds while the rest of the code grows."""

import pytest

from tenants.roles import MUST_NOT, ROLES, Permission, Role


def test_every_role_has_a_line_of_what_it_must_not() -> None:
    assert set(MUST_NOT) == set(Role) == set(ROLES)
    assert all(MUST_NOT.values())


@pytest.mark.parametrize("role", Role)
def test_no_role_is_given_what_it_must_not(role: Role) -> None:
    given = ROLES[role] & MUST_NOT[role]
    assert not given, f"{role} is given {sorted(given)} in ROLES of tenants/roles.py"


def test_every_permission_is_somebodys() -> None:
    unused = set(Permission) - frozenset().union(*ROLES.values())
    assert not unused, f"{sorted(unused)}: no role holds it; give it to one or delete it"


def test_who_decides_is_not_who_reads_reports() -> None:
    decides = {role for role in Role if Permission.PROPOSAL_DECIDE in ROLES[role]}
    reads = {role for role in Role if Permission.REPORT_READ in ROLES[role]}
    assert decides == {Role.STEERING_MEMBER} and not decides & reads
