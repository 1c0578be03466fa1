"""Who comes into a municipality and who leaves: invitations, memberships, organisations."""
