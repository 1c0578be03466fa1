"""Every page of the council, as each of its parts exports them."""

from service.council.dashboard import pages as dashboard
from service.council.decisions import pages as decisions
from service.council.proposals import pages as proposals
from service.council.resources import pages as resources
from service.council.seats import pages as seats

routes = [
    *dashboard.routes,
    *proposals.routes,
    *decisions.routes,
    *resources.routes,
    *seats.routes,
]
