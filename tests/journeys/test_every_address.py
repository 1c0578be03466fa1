"""Every address of the application that shows a page, also one that comes later, on a phone.

What there is to open is read from the application's routes, and by whom from the table of roles.
"""

import re
from pathlib import Path

from litestar import Litestar

from tenants.roles import ROLES, Role
from tests.attacks.test_every_door import ELSEWHERE, inside, things
from tests.journeys.conftest import PHONE, Doorman, Visit
from tests.look.conftest import validate_html
from tests.town import Town

# Who opens a page that several may: first who lives in it.
OPENERS = (Role.SAFETY_COORDINATOR, *Role)
ALL_MAY_ENTER = "/driftlage"
FRAGMENT = re.compile(r"/_[a-z]")


async def test_every_page_fits_a_phone_and_is_free_of_faults(
    tallbacka: Town, doorman: Doorman, app: Litestar, tmp_path: Path
) -> None:
    values = await things(tallbacka)
    visits: dict[Role, Visit] = {}
    wrong: list[str] = []
    kept: list[Path] = []
    for door in inside(app, values):
        if door.method != "GET" or FRAGMENT.search(door.path) or ELSEWHERE.search(door.path):
            continue
        role = next((one for one in OPENERS if door.permission in ROLES[one]), None)
        if role is None:
            continue
        if role not in visits:
            visits[role] = await doorman.member(
                tallbacka, role.value, ALL_MAY_ENTER, viewport=PHONE
            )
        visit = visits[role]
        path = door.path.replace("{municipality}", tallbacka.slug)
        answer = await visit.page.context.request.get(
            visit.house.address + path, headers={"accept": "text/html"}, max_redirects=0
        )
        body = await answer.body()
        if not body[:100].lower().startswith(b"<!doctype html"):
            continue
        if answer.status != 200:
            wrong.append(f"{path}: {answer.status}")
            continue
        await visit.open(path)
        name = re.sub(r"[^a-zåäö0-9]+", "-", door.path.replace("{municipality}", role.value))
        kept.append(tmp_path / f"{name}.html")
        kept[-1].write_bytes(body)
        await visit.picture(f"sida{name}")
        wrong += [f"{path}: {fault}" for fault in await visit.axe()]
        width = await visit.page.evaluate("document.documentElement.scrollWidth")
        if width > PHONE["width"]:
            wrong.append(f"{path}: {width} pixels wide")
        wrong += [f"{path}: {complaint}" for complaint in visit.complaints]
        visit.complaints.clear()
    assert not wrong, "\n".join(wrong)
    assert len(kept) >= 60
    assert validate_html(*kept) == ""
