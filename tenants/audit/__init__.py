"""The audit log of a municipality: recorded with the act, sealed in a chain, verified, read.

Lines are only ever added: the service's own role may neither change nor remove one.
"""

from tenants.audit.recording import record, record_attempt_across, record_refusal

__all__ = ["record", "record_attempt_across", "record_refusal"]
