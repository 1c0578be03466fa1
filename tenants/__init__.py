"""Who may see and do what: municipalities, members, roles, and the one door to their data.

Nothing here imports from `service`.
"""

import os

# Piccolo looks its engine up by the name of a module; ours refuses every query outside a scope.
os.environ.setdefault("PICCOLO_CONF", "tenants.engine")
