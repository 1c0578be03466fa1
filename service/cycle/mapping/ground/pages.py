"""The municipality's own map: its page, and the tiles that the map in the form is drawn from."""

import gzip
from typing import Any
from uuid import UUID
from zlib import crc32

from litestar import Request, Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Redirect, Template

from service.cycle.mapping.ground.draw import draw_tiles
from service.cycle.mapping.ground.look import read_maps, shown_map, tile_of, tiles_to_preview
from service.cycle.mapping.ground.remove import bring_back, remove_map
from service.cycle.mapping.ground.send import LARGEST_FILE, send_map
from service.sources.maps.cut import LEVELS
from service.web.filled import Filled
from service.web.language import _, later
from service.web.may import CurrentMember, may
from service.web.respond import fragment, page
from service.web.upload import read_upload
from tenants.members import Member
from tenants.roles import Permission

SET_UP = may(Permission.ORGANISATION_MANAGE)
READ = may(Permission.PICTURE_READ)
# What surrounds a file in a form is small.
UPLOAD = LARGEST_FILE + 64 * 1024
LONGEST_ATTRIBUTION = 120
PREVIEW = {"most": 16, "bytes_at_most": 120_000}
# A tile of a map never changes: another map has another address.
TILE_CACHE = "private, max-age=604800, immutable"

KINDS = {
    "road": later("Vägar och gator"),
    "main": later("Större vägar"),
    "rail": later("Järnväg"),
    "building": later("Byggnader"),
    "water": later("Vatten"),
    "stream": later("Vattendrag"),
    "green": later("Skog och park"),
}
REFUSED = {
    "no_map": later("Filen är varken GeoPackage eller PMTiles."),
    "zip": later("Filen är packad. Packa upp den och skicka .gpkg-filen i den."),
    "broken": later("Filen är trasig och går inte att läsa. Spara om den från kartprogrammet."),
    "pictures": later("Filen har bilder eller punkter i rutor. Kartan ska vara vektorer (MVT)."),
    "compression": later("Filens rutor är packade på ett sätt som inte läses. Använd gzip."),
    "no_layers": later("Filen har inga kartlager med geometri."),
    "layers": later("Filen har fler än 200 lager. Spara bara vägar, vatten, byggnader och mark."),
    "system": later(
        "Lagrets koordinatsystem är okänt (%(about)s). Spara i SWEREF 99 TM eller WGS 84."
    ),
    "vertices": later("Filen har för många punkter. Förenkla den, eller ta bort lager."),
    "dense": later("Kartan blir för stor att visa. Ta bort lager, till exempel byggnader."),
    "too_large": later("Filen blir för stor när den packas upp. Dela den, eller ta bort lager."),
    "outside": later("Inget i filen ligger i kommunen. Är det rätt fil, och rätt koordinatsystem?"),
    "empty": later(
        "Inget lager känns igen. Lagren ska heta som det de har: vägar, vatten, byggnader, skog."
    ),
    "unplaced": later("Det finns ingen karta över kommunen att lägga filen i."),
}


@get("/{municipality:str}/kom-igang/underlag", opt=SET_UP)
async def ground_page(request: Request[Any, Any, Any], member: CurrentMember) -> Template:
    return await _page(request, member, _blank(member))


@get("/{municipality:str}/kom-igang/underlag/_lage", opt=SET_UP)
async def ground_fragment(request: Request[Any, Any, Any], member: CurrentMember) -> Template:
    return fragment(request, "cycle/mapping/ground/_maps.html", **await _context(member))


@post(
    "/{municipality:str}/kom-igang/underlag",
    opt=SET_UP,
    status_code=200,
    request_max_body_size=UPLOAD,
)
async def upload_map(request: Request[Any, Any, Any], member: CurrentMember) -> Template | Redirect:
    posted = await request.form()
    form = Filled.of(posted)
    name, content = await read_upload(posted)
    attribution = " ".join(form.said("attribution").split())
    if not attribution:
        form.refuse("attribution", _("Skriv vem kartan kommer från."))
    if len(attribution) > LONGEST_ATTRIBUTION:
        form.refuse("attribution", _("Skriv högst 120 tecken."))
    if not content or not name:
        form.refuse("file", _("Välj en fil."))
    if len(content) > LARGEST_FILE:
        form.refuse("file", _("Filen är för stor. Den får vara högst 25 MB."))
    if form.errors:
        return await _page(request, member, form, status=422)
    await send_map(
        by=member,
        map_id=form.row_id("ground", name, crc32(content)),
        name=name,
        attribution=attribution,
        content=content,
    )
    return _back(member)


@post("/{municipality:str}/kom-igang/underlag/{map_id:uuid}/ta-bort", opt=SET_UP, status_code=200)
async def remove(member: CurrentMember, map_id: FromPath[UUID]) -> Redirect:
    await remove_map(map_id, by=member)
    return _back(member)


@post(
    "/{municipality:str}/kom-igang/underlag/{map_id:uuid}/ta-tillbaka", opt=SET_UP, status_code=200
)
async def take_back(member: CurrentMember, map_id: FromPath[UUID]) -> Redirect:
    try:
        await bring_back(map_id, by=member)
    except LookupError:
        raise NotFoundException() from None
    return _back(member)


@get("/{municipality:str}/karta/underlag.json", opt=READ)
async def own_map(member: CurrentMember) -> Response[dict[str, Any]]:
    """Where the tiles of the own map are; nothing where there is none."""
    shown = await shown_map()
    told: dict[str, Any] = {}
    if shown is not None:
        map_id, attribution = shown
        told = {
            "tiles": f"/{member.municipality.slug}/karta/underlag/{map_id}",
            "levels": list(LEVELS),
            "attribution": attribution,
        }
    return Response(told, headers={"Cache-Control": "private, no-cache"})


@get("/{municipality:str}/karta/underlag/{map_id:uuid}/{level:int}/{x:int}/{y:int}", opt=READ)
async def own_map_tile(
    request: Request[Any, Any, Any],
    map_id: FromPath[UUID],
    level: FromPath[int],
    x: FromPath[int],
    y: FromPath[int],
) -> Response[bytes]:
    """SVG paths by kind, from the bottom up, in a square of 2,048 units."""
    if level not in LEVELS or not (0 <= x < 1 << level and 0 <= y < 1 << level):
        raise NotFoundException()
    body = await tile_of(map_id, level, x, y)
    if body is None:
        raise NotFoundException()
    tag = f'"{map_id}-{level}-{x}-{y}"'
    headers = {"Cache-Control": TILE_CACHE, "ETag": tag, "Vary": "Accept-Encoding"}
    if tag in request.headers.get("if-none-match", ""):
        return Response(b"", status_code=304, headers=headers)
    if "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
    else:
        body = gzip.decompress(body)
    return Response(body, media_type="application/json", headers=headers)


def _blank(member: Member) -> Filled:
    return Filled.blank(attribution=f"© {member.municipality.name}")


def _back(member: Member) -> Redirect:
    return Redirect(f"/{member.municipality.slug}/kom-igang/underlag", status_code=303)


async def _page(
    request: Request[Any, Any, Any], member: Member, form: Filled, *, status: int = 200
) -> Template:
    return page(
        request,
        "cycle/mapping/ground/page.html",
        status=status,
        form=form,
        **await _context(member),
    )


async def _context(member: Member) -> dict[str, Any]:
    maps = await read_maps()
    tiles = await tiles_to_preview(maps.shown.id, **PREVIEW) if maps.shown else []
    latest = maps.latest
    return {
        "maps": maps,
        "here": f"/{member.municipality.slug}/kom-igang/underlag",
        "drawing": draw_tiles(tiles),
        "kinds": {key: _(words) for key, words in KINDS.items()},
        "refused": _(REFUSED[latest.refused]) % {"about": latest.about}
        if latest and latest.refused
        else "",
    }


routes: list[Any] = [
    ground_page,
    ground_fragment,
    upload_map,
    remove,
    take_back,
    own_map,
    own_map_tile,
]
