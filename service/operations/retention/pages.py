"""The rule of retention and the receipts of what was disposed of by it."""

from collections.abc import Mapping
from typing import Any

from litestar import Request, Response, get, post
from litestar.response import Redirect, Template

from service.operations.retention.rule import FEWEST, MOST, UNLESS_SET, rules, set_rules
from service.web.language import _, later
from service.web.may import CurrentMember, may
from service.web.respond import page
from tenants.members import Member
from tenants.roles import Permission
from tenants.scope import fetch

SET = may(Permission.RETENTION_SET)
RECEIPTS = 100

WORDS = {
    "report.words": later("Fritext i rapporter"),
    "report.point": later("Exakt plats på kartan"),
    "report.reporter": later("Vem som rapporterade"),
}


@get("/{municipality:str}/gallring", opt=SET)
async def retention_page(request: Request[Any, Any, Any], member: CurrentMember) -> Template:
    return await _page(request, member)


@post("/{municipality:str}/gallring", opt=SET, status_code=200)
async def set_retention(
    request: Request[Any, Any, Any], member: CurrentMember
) -> Template | Response[Any]:
    typed, months, errors = _parse(await request.form())
    if errors:
        return await _page(request, member, status=422, typed=typed, errors=errors)
    await set_rules(by=member, months=months)
    return Redirect(f"/{member.municipality.slug}/gallring", status_code=303)


def _parse(fields: Mapping[str, Any]) -> tuple[dict[str, str], dict[str, int], dict[str, str]]:
    typed, months, errors = {}, {}, {}
    for record in UNLESS_SET:
        said = fields.get(record, "")
        typed[record] = text = said.strip()[:20] if isinstance(said, str) else ""
        fits = text.isascii() and text.isdecimal() and len(text) < 5
        if fits and FEWEST <= int(text) <= MOST:
            months[record] = int(text)
        else:
            errors[record] = _(
                "Skriv ett helt antal månader, från %(fewest)s till %(most)s.",
                fewest=FEWEST,
                most=MOST,
            )
    return typed, months, errors


async def _page(
    request: Request[Any, Any, Any],
    member: Member,
    *,
    status: int = 200,
    typed: dict[str, str] | None = None,
    errors: dict[str, str] | None = None,
) -> Template:
    receipts = await fetch(
        """SELECT record, older_than, removed, disposed_at FROM disposal
           ORDER BY disposed_at DESC, record LIMIT $1""",
        RECEIPTS,
    )
    return page(
        request,
        "operations/retention.html",
        status=status,
        rules=await rules(),
        said=lambda record: _(WORDS[record]),
        receipts=receipts,
        here=f"/{member.municipality.slug}/gallring",
        typed=typed or {},
        errors=errors or {},
    )


routes: list[Any] = [retention_page, set_retention]
