"""The form without a network: what a phone keeps is a shell that says nothing of anybody.

The shell holds no municipality, person or token; it reads from its address where it stands. What
is filled in is kept by the browser and sent when the network is back.
"""

import json
from typing import Any
from uuid import uuid5

from litestar import Request, Response, get
from litestar.response import Template
from litestar.template.base import csrf_token

from service.cycle.mapping.forms import TEXT_LIMIT, ReportForm
from service.cycle.mapping.habits import offer_default
from service.cycle.mapping.time_buckets import BUCKETS
from service.web.assets import asset, manifest
from service.web.language import _
from service.web.may import UNSEEN, CurrentMember, may
from service.web.respond import page
from service.web.squeeze import SQUEEZED
from service.web.static_files import read_file
from tenants.members import Member
from tenants.roles import Permission

HAND_IN = may(Permission.REPORT_HAND_IN)
SHELL = "/utan-nat"
SHELL_FILES = (
    "kraftsamling.css",
    "fonts/inter-latin.woff2",
    "icons.svg",
    "marke.svg",
    "idb.js",
    "queue.js",
    "report.js",
)
NO_CACHE = {"Cache-Control": "no-cache"}


@get(SHELL, opt=UNSEEN, middleware=[SQUEEZED], include_in_schema=False)
async def shell(request: Request[Any, Any, Any]) -> Template:
    """The form as it stands in a phone without a network; the same for everybody."""
    answer = page(
        request,
        "cycle/mapping/shell.html",
        form=ReportForm.blank(),
        choices=offer_default(),
        chosen_elsewhere=False,
        buckets=BUCKETS,
        text_limit=TEXT_LIMIT,
    )
    answer.headers.update(NO_CACHE)
    return answer


@get("/sw.js", opt=UNSEEN, include_in_schema=False, sync_to_thread=False)
def service_worker() -> Response[bytes]:
    """The worker that keeps the shell: our file, with the addresses of this build before it."""
    built = manifest()
    names = {"version": built.version, "shell": SHELL, "files": [asset(one) for one in SHELL_FILES]}
    file = read_file(built.folder / "service-worker.js")
    body = f"const BUILD = {json.dumps(names)};\n".encode() + file.content
    return Response(body, media_type=file.media, headers=NO_CACHE)


@get("/{municipality:str}/rapportera/app.webmanifest", opt=HAND_IN, include_in_schema=False)
async def app_manifest(member: CurrentMember) -> Response[dict[str, Any]]:
    """What a phone needs to install the form; it is asked for with the member's cookie."""
    municipality = member.municipality
    start = f"/{municipality.slug}/rapportera"
    return Response(
        {
            "id": start,
            "name": _("Rapportera till %(name)s", name=municipality.name),
            "short_name": _("Rapportera"),
            "lang": "sv",
            "start_url": start,
            "scope": f"/{municipality.slug}/",
            "display": "standalone",
            "background_color": "#ffffff",
            "theme_color": "#0a5a54",
            "icons": [
                _icon("icons/app-192.png", "192x192", "any"),
                _icon("icons/app-512.png", "512x512", "any"),
                _icon("icons/app-maskable-512.png", "512x512", "maskable"),
            ],
        },
        media_type="application/manifest+json",
        headers={"Cache-Control": "no-store"},
    )


@get("/{municipality:str}/rapportera/nyckel", opt=HAND_IN)
async def sending_key(request: Request[Any, Any, Any], member: CurrentMember) -> dict[str, str]:
    """What a queue needs before it sends: the form's token, and whose reports may be sent now."""
    return {"token": csrf_token({"request": request}), "who": draft_key(member)}


def draft_key(member: Member) -> str:
    """The name under which a browser keeps this person's unfinished and unsent reports.

    It says nothing by itself; on a shared phone nobody is shown or sends another person's.
    """
    return uuid5(member.municipality.id, str(member.person_id)).hex[:16]


def _icon(path: str, sizes: str, purpose: str) -> dict[str, str]:
    return {"src": asset(path), "sizes": sizes, "type": "image/png", "purpose": purpose}


offline_routes = [shell, service_worker, app_manifest, sending_key]
