"""Invitations, and how each ended."""

from piccolo.columns import UUID as UUIDColumn
from piccolo.columns import Array, Bytea, ForeignKey, OnDelete, Text, Timestamptz

from tenants.tables import Organisation, TenantTable


class Invitation(TenantTable, tablename="invitation"):
    id = UUIDColumn(primary_key=True)
    token_hash = Bytea(secret=True)
    email = Text()
    organisation_id = ForeignKey(Organisation, null=False, on_delete=OnDelete.restrict)
    roles = Array(base_column=Text())
    seat = Text(null=True, default=None)
    invited_by = UUIDColumn(null=True, default=None)
    invited_at = Timestamptz()
    expires_at = Timestamptz()


class InvitationEnd(TenantTable, tablename="invitation_end"):
    invitation_id = ForeignKey(
        Invitation, primary_key=True, null=False, on_delete=OnDelete.restrict
    )
    how = Text()
    person_id = UUIDColumn(null=True, default=None)
    at = Timestamptz()
