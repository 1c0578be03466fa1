"""One table: which role may do what. Nothing else in the service grants a right."""

from enum import StrEnum


class Role(StrEnum):
    PROJECT_OWNER = "project_owner"
    STEERING_MEMBER = "steering_member"
    STEERING_CO_OPTED = "steering_co_opted"
    SAFETY_COORDINATOR = "safety_coordinator"
    MUNICIPAL_POLICE = "municipal_police"
    PREPARATORY_MEMBER = "preparatory_member"
    REPORTER = "reporter"
    ORG_CONTACT = "org_contact"
    WORKING_GROUP_MEMBER = "working_group_member"
    WORKING_GROUP_LEAD = "working_group_lead"
    RECORDS_OFFICER = "records_officer"
    DPO = "dpo"
    AUDITOR = "auditor"
    TENANT_ADMIN = "tenant_admin"
    PLATFORM_OPERATOR = "platform_operator"


class Permission(StrEnum):
    MUNICIPALITY_ENTER = "municipality.enter"
    REPORT_HAND_IN = "report.hand_in"
    REPORT_READ_OWN = "report.read_own"
    REPORT_READ = "report.read"
    REPORT_READ_REPORTER = "report.read_reporter"
    PICTURE_READ = "picture.read"
    PICTURE_READ_ALL = "picture.read_all"
    PICTURE_READ_GOVERNING = "picture.read_governing"
    PICTURE_READ_SUMS = "picture.read_sums"
    DASHBOARD_READ = "dashboard.read"
    AUDIT_READ = "audit.read"
    ORGANISATION_MANAGE = "organisation.manage"
    TENANT_ADMIN = "tenant.admin"


_P = Permission

_ENTER = {_P.MUNICIPALITY_ENTER}
_OWN_ORGANISATION = _ENTER | {
    _P.REPORT_HAND_IN,
    _P.REPORT_READ_OWN,
    _P.PICTURE_READ,
    _P.PICTURE_READ_SUMS,
}
_GOVERNING = _ENTER | {_P.PICTURE_READ, _P.PICTURE_READ_GOVERNING, _P.DASHBOARD_READ}
_PREPARING = _ENTER | {
    _P.REPORT_HAND_IN,
    _P.REPORT_READ_OWN,
    _P.REPORT_READ,
    _P.PICTURE_READ,
    _P.PICTURE_READ_ALL,
    _P.DASHBOARD_READ,
}

ROLES: dict[Role, frozenset[Permission]] = {
    role: frozenset(permissions)
    for role, permissions in {
        Role.PROJECT_OWNER: _GOVERNING,
        Role.STEERING_MEMBER: _GOVERNING,
        Role.STEERING_CO_OPTED: _GOVERNING,
        Role.SAFETY_COORDINATOR: _PREPARING | {_P.REPORT_READ_REPORTER, _P.ORGANISATION_MANAGE},
        Role.MUNICIPAL_POLICE: _PREPARING,
        Role.PREPARATORY_MEMBER: _PREPARING,
        Role.REPORTER: _OWN_ORGANISATION,
        Role.ORG_CONTACT: _OWN_ORGANISATION,
        # A working group sees its own problem, which is opened to it with the cycle.
        Role.WORKING_GROUP_MEMBER: _ENTER,
        Role.WORKING_GROUP_LEAD: _ENTER,
        Role.RECORDS_OFFICER: _ENTER | {_P.AUDIT_READ},
        Role.DPO: _ENTER | {_P.AUDIT_READ},
        Role.AUDITOR: _ENTER | {_P.AUDIT_READ},
        Role.TENANT_ADMIN: _ENTER | {_P.TENANT_ADMIN, _P.ORGANISATION_MANAGE},
        # Runs the platform and is a member of no municipality.
        Role.PLATFORM_OPERATOR: set(),
    }.items()
}

# What the platform's operator may read behind broken glass: nothing that changes anything, and not
# who reported.
THROUGH_GLASS: frozenset[Permission] = frozenset(
    _ENTER
    | {
        _P.REPORT_READ_OWN,
        _P.REPORT_READ,
        _P.PICTURE_READ,
        _P.PICTURE_READ_ALL,
        _P.DASHBOARD_READ,
        _P.AUDIT_READ,
    }
)


class PictureView(StrEnum):
    """How much of a picture's numbers somebody sees, from most to least."""

    ALL = "all"
    GOVERNING = "governing"
    SUMS = "sums"


def permissions_of(roles: frozenset[Role]) -> frozenset[Permission]:
    """Everything that any of `roles` may do."""
    return frozenset().union(*(ROLES[role] for role in roles))


def picture_view(permissions: frozenset[Permission]) -> PictureView | None:
    """The widest view of the picture that `permissions` hold; None when there is none."""
    if Permission.PICTURE_READ_ALL in permissions:
        return PictureView.ALL
    if Permission.PICTURE_READ_GOVERNING in permissions:
        return PictureView.GOVERNING
    if Permission.PICTURE_READ_SUMS in permissions:
        return PictureView.SUMS
    return None
