"""One table: which role may do what, and what it must not. Nothing else grants a right."""

from dataclasses import dataclass
from datetime import timedelta
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
    REPORT_TRIAGE = "report.triage"
    PICTURE_READ = "picture.read"
    PICTURE_READ_ALL = "picture.read_all"
    PICTURE_READ_GOVERNING = "picture.read_governing"
    PICTURE_READ_SUMS = "picture.read_sums"
    PROBLEM_READ = "problem.read"
    PROBLEM_READ_ALL = "problem.read_all"
    PROBLEM_ANALYSE = "problem.analyse"
    MEASURE_PROPOSE = "measure.propose"
    PRIORITY_PROPOSE = "priority.propose"
    GROUP_ASSEMBLE = "group.assemble"
    TASK_WORK = "task.work"
    FOLLOW_UP = "measure.follow_up"
    FEEDBACK_READ = "feedback.read"
    SIGNAL_MARK = "signal.mark"
    PICTURE_ASSESS = "picture.assess"
    PICTURE_WEIGH = "picture.weigh"
    EDITION_WRITE = "edition.write"
    EDITION_APPROVE = "edition.approve"
    PUBLISH = "publication.publish"
    DASHBOARD_READ = "dashboard.read"
    PROPOSAL_COMMENT = "proposal.comment"
    PROPOSAL_DECIDE = "proposal.decide"
    RESOURCES_SET = "resources.set"
    MEETING_TAKE_PART = "meeting.take_part"
    MEETING_HOLD = "meeting.hold"
    SOURCE_MANAGE = "source.manage"
    AUDIT_READ = "audit.read"
    RETENTION_SET = "retention.set"
    ORGANISATION_MANAGE = "organisation.manage"
    API_KEY_MANAGE = "api_key.manage"
    PEOPLE_MANAGE = "people.manage"
    TENANT_ADMIN = "tenant.admin"
    PROVIDER_MANAGE = "provider.manage"


_P = Permission

_ENTER = {_P.MUNICIPALITY_ENTER}
_OWN_ORGANISATION = _ENTER | {
    _P.REPORT_HAND_IN,
    _P.REPORT_READ_OWN,
    _P.PICTURE_READ,
    _P.PICTURE_READ_SUMS,
    _P.FEEDBACK_READ,
}
_GOVERNING = _ENTER | {
    _P.PICTURE_READ,
    _P.PICTURE_READ_GOVERNING,
    _P.PROBLEM_READ,
    _P.PROBLEM_READ_ALL,
    _P.DASHBOARD_READ,
    _P.PROPOSAL_COMMENT,
}
_PREPARING = _ENTER | {
    _P.REPORT_HAND_IN,
    _P.REPORT_READ_OWN,
    _P.REPORT_READ,
    _P.PICTURE_READ,
    _P.PICTURE_READ_ALL,
    _P.SIGNAL_MARK,
    _P.PICTURE_ASSESS,
    _P.PROBLEM_READ,
    _P.PROBLEM_READ_ALL,
    _P.PROBLEM_ANALYSE,
    _P.MEASURE_PROPOSE,
    _P.PRIORITY_PROPOSE,
    _P.GROUP_ASSEMBLE,
    _P.TASK_WORK,
    _P.FOLLOW_UP,
    _P.FEEDBACK_READ,
    _P.DASHBOARD_READ,
    _P.PROPOSAL_COMMENT,
    _P.MEETING_TAKE_PART,
}
# A working group sees its own problem and no other: PROBLEM_READ without PROBLEM_READ_ALL.
_WORKING = _ENTER | {_P.PROBLEM_READ, _P.TASK_WORK}

ROLES: dict[Role, frozenset[Permission]] = {
    role: frozenset(permissions)
    for role, permissions in {
        Role.PROJECT_OWNER: _GOVERNING | {_P.RESOURCES_SET, _P.MEETING_TAKE_PART},
        Role.STEERING_MEMBER: _GOVERNING | {_P.PRIORITY_PROPOSE, _P.PROPOSAL_DECIDE},
        # Co-opted: reads and comments, and has no vote.
        Role.STEERING_CO_OPTED: _GOVERNING,
        Role.SAFETY_COORDINATOR: _PREPARING
        | {
            _P.REPORT_READ_REPORTER,
            _P.REPORT_TRIAGE,
            _P.PICTURE_WEIGH,
            _P.EDITION_WRITE,
            _P.EDITION_APPROVE,
            _P.PUBLISH,
            _P.MEETING_HOLD,
            _P.SOURCE_MANAGE,
            _P.ORGANISATION_MANAGE,
            _P.PEOPLE_MANAGE,
            _P.API_KEY_MANAGE,
        },
        Role.MUNICIPAL_POLICE: _PREPARING
        | {_P.REPORT_TRIAGE, _P.EDITION_WRITE, _P.EDITION_APPROVE, _P.MEETING_HOLD},
        Role.PREPARATORY_MEMBER: _PREPARING,
        Role.REPORTER: _OWN_ORGANISATION,
        Role.ORG_CONTACT: _OWN_ORGANISATION | {_P.PEOPLE_MANAGE, _P.API_KEY_MANAGE},
        Role.WORKING_GROUP_MEMBER: _WORKING,
        Role.WORKING_GROUP_LEAD: _WORKING | {_P.FOLLOW_UP},
        Role.RECORDS_OFFICER: _ENTER | {_P.AUDIT_READ, _P.RETENTION_SET},
        Role.DPO: _ENTER | {_P.AUDIT_READ},
        Role.AUDITOR: _ENTER | {_P.AUDIT_READ},
        Role.TENANT_ADMIN: _ENTER
        | {
            _P.TENANT_ADMIN,
            _P.ORGANISATION_MANAGE,
            _P.PEOPLE_MANAGE,
            _P.API_KEY_MANAGE,
            _P.PROVIDER_MANAGE,
        },
        # Runs the platform and is a member of no municipality.
        Role.PLATFORM_OPERATOR: set(),
    }.items()
}

# Whom each role may bring in and let go, at most: a contact its own organisation's reporters, the
# coordinator those who do the work and decide on it. Who watches over the work and who runs it is
# for the administrator, who reads none of it.
_OPERATIVE = frozenset(
    {
        Role.PROJECT_OWNER,
        Role.STEERING_MEMBER,
        Role.STEERING_CO_OPTED,
        Role.MUNICIPAL_POLICE,
        Role.PREPARATORY_MEMBER,
        Role.REPORTER,
        Role.ORG_CONTACT,
        Role.WORKING_GROUP_MEMBER,
        Role.WORKING_GROUP_LEAD,
    }
)
MAY_GRANT: dict[Role, frozenset[Role]] = {
    Role.ORG_CONTACT: frozenset({Role.REPORTER}),
    Role.SAFETY_COORDINATOR: _OPERATIVE,
    Role.TENANT_ADMIN: frozenset(Role) - {Role.PLATFORM_OPERATOR},
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


_RAW = {_P.REPORT_READ, _P.REPORT_READ_REPORTER}
_DECIDES = {_P.PROPOSAL_DECIDE, _P.RESOURCES_SET}
_CONTENT = (
    _RAW
    | _DECIDES
    | {
        _P.REPORT_HAND_IN,
        _P.REPORT_READ_OWN,
        _P.PICTURE_READ,
        _P.PROBLEM_READ,
        _P.EDITION_APPROVE,
        _P.PUBLISH,
    }
)

MUST_NOT: dict[Role, frozenset[Permission]] = {
    role: frozenset(refused)
    for role, refused in {
        # Reads no report of its own accord, but sees everything that is added up.
        Role.PROJECT_OWNER: _RAW | {_P.PROPOSAL_DECIDE},
        # Decides on what is shown, and neither sees who reported nor edits the picture.
        Role.STEERING_MEMBER: _RAW | {_P.REPORT_READ_OWN, _P.PICTURE_READ_ALL, _P.EDITION_APPROVE},
        # Reads, comments and attends, without a vote.
        Role.STEERING_CO_OPTED: _RAW | _DECIDES | {_P.PICTURE_READ_ALL, _P.EDITION_APPROVE},
        # Everything operational, and no resources.
        Role.SAFETY_COORDINATOR: _DECIDES,
        Role.MUNICIPAL_POLICE: _DECIDES | {_P.REPORT_READ_REPORTER, _P.PUBLISH},
        # Reads reports without the identity of who sent them, and publishes nothing.
        Role.PREPARATORY_MEMBER: _DECIDES
        | {_P.REPORT_READ_REPORTER, _P.EDITION_APPROVE, _P.PUBLISH},
        # Never another organisation's raw text.
        Role.REPORTER: _RAW | _DECIDES | {_P.PICTURE_READ_ALL, _P.PROBLEM_READ},
        Role.ORG_CONTACT: _RAW | _DECIDES | {_P.PICTURE_READ_ALL, _P.PROBLEM_READ},
        # The problem of the group, and nothing else.
        Role.WORKING_GROUP_MEMBER: _CONTENT - {_P.PROBLEM_READ} | {_P.PROBLEM_READ_ALL},
        Role.WORKING_GROUP_LEAD: _CONTENT - {_P.PROBLEM_READ} | {_P.PROBLEM_READ_ALL},
        # Look over the work, and change nothing of it.
        Role.RECORDS_OFFICER: _CONTENT,
        Role.DPO: _CONTENT,
        Role.AUDITOR: _CONTENT,
        # People, log-ins and organisations; content only with another role beside this one.
        Role.TENANT_ADMIN: _CONTENT,
        Role.PLATFORM_OPERATOR: frozenset(Permission),
    }.items()
}
"""What a role by itself never gives, whatever is added above; another role beside it may."""

LEAST_ASSURANCE: dict[Permission, int] = {
    # Whoever decides who may log in could let anybody in.
    _P.PROVIDER_MANAGE: 3,
}
"""How sure a log-in must be, 1 to 4, before a permission counts; 1 where nothing is said."""


@dataclass(frozen=True)
class Proof:
    """What a log-in must be for an act: `level`, 1 to 4, and proved `within` that time."""

    level: int = 1
    within: timedelta | None = None


RECENT = timedelta(minutes=30)

STEP_UP: dict[Permission, Proof] = {
    # What leaves the house, or others rely on as approved.
    _P.PUBLISH: Proof(within=RECENT),
    _P.EDITION_APPROVE: Proof(within=RECENT),
    # Who belongs, and as what.
    _P.PEOPLE_MANAGE: Proof(within=RECENT),
    _P.API_KEY_MANAGE: Proof(within=RECENT),
    _P.PROVIDER_MANAGE: Proof(level=3, within=RECENT),
    # How long anything is kept; what is disposed of does not come back.
    _P.RETENTION_SET: Proof(within=RECENT),
    # Who did what, taken out of the house as a file.
    _P.AUDIT_READ: Proof(within=RECENT),
}
"""What each act with a permission needs beyond it; reading needs it only where a route says so.

An open browser that somebody left is then no signature. Who falls short logs in once more, and
what was typed stays. Acts with other permissions that weigh as much borrow a line (`may(…,
proof=…)`).
"""


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
