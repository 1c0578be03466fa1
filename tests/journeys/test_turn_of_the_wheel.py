"""One turn of the wheel, from what somebody saw to what became of it.

Two windows stand open side by side, one on a phone and one on a desk, and people log in, work and
log out in them. What the one does, the other shows.
"""

import re
from datetime import datetime, timedelta

import asyncpg
from playwright.async_api import expect

from service.cycle.mapping.week import STOCKHOLM, now
from tests.council.steering import CHAIR, POLICE_CHIEF, SCHOOL, VICE
from tests.database import Database
from tests.journeys.at_two_windows import IN_TIME, Window, two_windows
from tests.journeys.conftest import DESK, WALL, Doorman
from tests.journeys.past import live_through
from tests.journeys.test_report_to_picture import send_report
from tests.town import Town

REPORTER = "reporter"
OWNER = "project_owner"
PREPARES = "preparatory_member"
COORDINATOR = "safety_coordinator"
# The place with a past becomes the problem; what is new stands on the agenda of the meeting.
SEEN = [("Ruta 2", "violence"), ("Ruta 2", "violence")] + 2 * [("Ruta 1", "poor_lighting")]
PROBLEM = "Bristfällig eller trasig belysning, Ruta 1"
MEASURE = "Byta belysning vid norra ingången"


async def test_a_turn_of_the_wheel(tallbacka: Town, doorman: Doorman, database: Database) -> None:
    await live_through(tallbacka)
    for who in (REPORTER, PREPARES, COORDINATOR, CHAIR, VICE, SCHOOL, OWNER, POLICE_CHIEF):
        await tallbacka.add_member(who)
    doorman.introduce(tallbacka)
    phone, desk = await two_windows(doorman, tallbacka)

    await what_is_reported_shows_in_the_picture(phone, desk)
    await a_line_of_the_list_becomes_a_problem(desk)
    await the_problem_is_analysed_by_two(phone, desk)
    await a_measure_is_proposed(phone, desk)
    await a_working_group_is_invited_and_accepts(phone, desk)
    await the_preparatory_group_meets(phone, desk)
    await the_police_chief_comments_and_has_no_vote(phone, desk)
    await the_steering_group_decides_and_the_wall_follows(phone, desk)
    await one_who_voted_against_makes_a_reservation(phone, desk)
    await the_priority_is_decided_within_a_frame(phone, desk)
    await the_task_is_done(phone, desk)
    await weeks_pass(database, tallbacka, 7)
    await the_measure_is_followed_up(phone, desk)
    await the_reporter_sees_what_became_of_it(phone, desk)
    await everybody_may_read_what_is_published(phone, desk)
    assert phone.visit.complaints == desk.visit.complaints == []


async def what_is_reported_shows_in_the_picture(phone: Window, desk: Window) -> None:
    await desk.log_in(PREPARES)
    await desk.shows("main", "Krossade rutor")
    await phone.log_in(REPORTER)
    await phone.look("rapportera")
    for area, category in SEEN:
        await send_report(phone.visit, area=area, category=category)
        await phone.shows("#report", "Mottagen")
        await phone.follow("Rapportera en till")
    await desk.shows("#picture-priorities", "Våld")
    await desk.look("lagesbild")
    await phone.go_to("Återkoppling")
    await phone.shows("#became", "Räknad i den aktuella lägesbilden")
    await phone.look("aterkoppling-fore")
    await phone.log_out()


async def a_line_of_the_list_becomes_a_problem(desk: Window) -> None:
    line = desk.part("#picture-priorities li").filter(has_text=PROBLEM).first
    if not await line.is_visible():
        await desk.part("#picture-priorities summary").first.click()
    await line.get_by_role("button", name="Öppna problem").click()
    await desk.page.wait_for_url("**/problem/*")
    await desk.shows("#problem-evidence", "Rapporterat av")
    await desk.look("problem-nytt")


async def the_problem_is_analysed_by_two(phone: Window, desk: Window) -> None:
    """The coordinator has the problem open on the phone while it is written on the desk."""
    await phone.log_in(COORDINATOR)
    await phone.go_to("Analys")
    await phone.look("analys")
    await phone.part("#problems").get_by_role("link", name=PROBLEM).click()
    await desk.part("#problem-findings").get_by_role("link", name="Lägg till").click()
    await desk.look("notera")
    await desk.tick("kind", "known")
    await desk.write(text="Belysningen är trasig sedan oktober.", source="Trygghetsvandring")
    await desk.press("Spara")
    await phone.shows("#problem-findings", "Belysningen är trasig sedan oktober.")
    await desk.part("#problem-findings").get_by_role("link", name="Lägg till").click()
    await desk.tick("kind", "assumed")
    await desk.write(text="Fler samlas där när fritidsgården är stängd.")
    await desk.press("Spara")
    await phone.shows("#problem-findings", "Fler samlas där")
    await desk.part("#problem-causes").get_by_role("link", name="Lägg till orsak").click()
    await desk.look("orsak")
    await desk.write(title="Ingången är mörk", description="Två av tre lampor lyser inte.")
    await desk.tick("side", "place")
    await desk.tick("support", "weak")
    await desk.press("Spara")
    await phone.shows("#problem-causes", "A. Ingången är mörk")
    # The other one judges it anew, and the desk shows that in turn.
    await phone.part("#cause-A").get_by_role("link", name="Bedöm").click()
    await phone.look("bedom-orsak")
    await phone.tick("support", "several_sources")
    await phone.write(motive="Ronden och skolan säger detsamma.")
    await phone.press("Spara")
    await desk.shows("#cause-A", "Ronden och skolan säger detsamma.")
    await desk.part("#problem-inquiries").get_by_role("link", name="Lägg till fråga").click()
    await desk.look("fraga")
    await desk.write(question="Hur många lampor är trasiga?", due_on=_today())
    await desk.part('[name="asked"]').select_option(label="Bostadsbolaget")
    await desk.press("Spara")
    await phone.shows("#problem-inquiries", "Hur många lampor är trasiga?")


async def a_measure_is_proposed(phone: Window, desk: Window) -> None:
    await desk.part("#problem-measures").get_by_role("link", name="Lägg till insats").click()
    await desk.look("foresla-insats")
    await desk.part('[name="cause"]').select_option(index=1)
    await desk.write(
        title=MEASURE,
        description="Sju armaturer byts.",
        expected_effect="Färre samlas där efter mörkrets inbrott.",
        indicator="Rapporter i veckan från platsen",
        starts_on=_today(),
        ends_on=_today(40),
        cost_kr="140 000",
        hours="60",
        text="Vi ber om beslut före jul.",
    )
    await desk.tick("kind", "situational")
    await desk.tick("horizon", "short")
    await desk.part('[name="responsible"]').select_option(label="Bostadsbolaget")
    await desk.press("Lägg fram för styrgruppen")
    await phone.shows("#problem-measures", MEASURE)
    await phone.shows("#problem-next", f"Styrgruppen beslutar om {MEASURE}.")
    await phone.look("problem-med-forslag")
    await phone.part("#problem-measures").get_by_role("link", name="Till förslaget").click()
    await phone.shows("#standing", "Ingen har röstat än.")
    await phone.log_out()


async def a_working_group_is_invited_and_accepts(phone: Window, desk: Window) -> None:
    await desk.part("#problem-group").get_by_role("link", name="Sätt samman").click()
    await desk.look("arbetsgrupp-bjud-in")
    housing = desk.part("li").filter(has_text="Bostadsbolaget")
    await expect(housing.get_by_role("checkbox")).to_be_checked()
    await housing.locator('[name="lead"]').check()
    await desk.part("li").filter(has_text="Kommunen").get_by_role("checkbox").uncheck()
    await desk.press("Bjud in")
    await desk.shows("#problem-group", "Inbjuden")
    await phone.open_letter("arbetsgrupp", to=REPORTER)
    await phone.look("brev-inbjudan")
    await phone.page.locator("pre a").first.click()
    await phone.choose(REPORTER)
    await phone.shows("main", "Du är inbjuden")
    await phone.look("inbjuden")
    await phone.follow("Svara på inbjudan")
    await phone.press("Tacka ja")
    await phone.shows("#problem-group", "Leder")
    await expect(desk.part("#problem-group")).not_to_contain_text("Inbjuden", timeout=IN_TIME)
    await desk.part("#problem-tasks").get_by_role("link", name="Ny uppgift").click()
    await desk.look("uppgift-ny")
    await desk.write(title="Räkna lamporna som inte lyser", due_on=_today(7))
    await desk.part('[name="place"]').select_option(index=1)
    await desk.press("Lägg till uppgift")
    await phone.shows("#problem-tasks", "Räkna lamporna som inte lyser")
    # Who was asked answers from the page that the group works on.
    await phone.part("#problem-inquiries").get_by_role("link", name="Svara").click()
    await phone.look("svara")
    await phone.write(text="Två av tre, enligt felanmälningarna.")
    await phone.press("Spara")
    await desk.shows("#problem-inquiries", "Två av tre, enligt felanmälningarna.")
    await phone.look("problem-i-arbetsgruppen")
    await phone.log_out()
    await desk.log_out()


async def the_preparatory_group_meets(phone: Window, desk: Window) -> None:
    await desk.log_in(COORDINATOR)
    await desk.go_to("Möten")
    await desk.look("moten")
    at = now().astimezone(STOCKHOLM)
    await desk.write(day=at.date().isoformat(), clock=f"{at:%H:%M}", place="Rum Eken")
    await desk.press("Kalla till möte")
    await desk.page.wait_for_url("**/moten/*")
    await phone.open_letter("Kallelse", to=PREPARES)
    await phone.page.locator("pre a").first.click()
    await phone.choose(PREPARES)
    for window in (phone, desk):
        await window.shows(".agenda", "Våld")
        await window.shows(".agenda", MEASURE)
    await desk.look("mote")
    await phone.write(title="Nattvandring i december")
    await phone.press("Lägg till punkt")
    await desk.shows(".agenda", "Nattvandring i december")
    row = desk.part("#meeting li").filter(has_text="Prov preparatory member")
    await row.get_by_role("button", name="Närvarande").click()
    await expect(
        phone.part("#meeting li").filter(has_text="Prov preparatory member").get_by_role("button")
    ).to_contain_text("Ta bort", timeout=IN_TIME)
    await phone.write(about="Nattvandring i december", text="Föreningarna tillfrågas.")
    await phone.press("Anteckna beslutet")
    await desk.shows("#meeting .decided", "Föreningarna tillfrågas.")
    await phone.look("mote-beslut")
    await desk.press("Godkänn protokollet")
    await desk.shows("main", "Godkänt")
    await desk.look("protokoll")
    await phone.shows("#meeting", "Inget mer kan ändras.")
    await phone.follow("Läs protokollet")
    await phone.shows("main", "Nattvandring i december")
    await phone.log_out()
    await desk.log_out()


async def the_police_chief_comments_and_has_no_vote(phone: Window, desk: Window) -> None:
    await desk.log_in(POLICE_CHIEF)
    await desk.shows(".waiting", MEASURE)
    await desk.part(".waiting").get_by_role("link", name=MEASURE).click()
    await expect(desk.part("#comment-form")).to_be_visible()
    for form in ("#vote", "#decide", "#reserve"):
        await expect(desk.part(form)).to_have_count(0)
    await phone.log_in(VICE)
    await phone.look("tavlan")
    await phone.part(".waiting").get_by_role("link", name=MEASURE).click()
    await desk.write(comment="Polisen är på platsen fredagar tills det är klart.")
    await desk.press("Kommentera")
    await phone.shows("#standing", "Polisen är på platsen fredagar")
    await desk.look("forslag-adjungerad")
    await phone.look("forslag")
    await phone.tick("choice", "for")
    await phone.press("Rösta")
    await desk.shows("#standing", "1 för, 0 emot, 0 avstår")
    await phone.log_out()


async def the_steering_group_decides_and_the_wall_follows(phone: Window, desk: Window) -> None:
    """The desk is a screen on a wall now: nobody touches it."""
    await desk.page.set_viewport_size(WALL)  # type: ignore[arg-type]
    await desk.go_to("Styrgrupp")
    await desk.shows(".waiting", "1 röst")
    await phone.log_in(SCHOOL)
    await phone.part(".waiting").get_by_role("link", name=MEASURE).click()
    await phone.tick("choice", "against")
    await phone.write(vote_motive="Pengarna behövs mer på fritidsgården.")
    await phone.press("Rösta")
    await desk.shows(".waiting", "2 röster")
    await desk.look("vagg-vantar")
    await phone.log_out()
    await phone.log_in(CHAIR)
    await phone.part(".waiting").get_by_role("link", name=MEASURE).click()
    await phone.shows("#standing", "Pengarna behövs mer på fritidsgården.")
    await phone.tick("choice", "for")
    await phone.press("Rösta")
    await phone.shows("#vote", "Rösten är lämnad.")
    await phone.write(motive="Ljuset behövs före vintern.", cost_kr="120 000")
    await phone.look("besluta")
    await phone.press("Besluta")
    await expect(phone.part("#standing")).to_contain_text(re.compile(r"§ 1/\d{4}: bifall"))
    await desk.shows("#board", "Inget väntar på beslut.")
    await desk.shows("#board .last-decision", MEASURE)
    await desk.look("vagg-beslutat")
    await phone.look("beslut")
    await phone.log_out()


async def one_who_voted_against_makes_a_reservation(phone: Window, desk: Window) -> None:
    await desk.page.set_viewport_size(DESK)  # type: ignore[arg-type]
    await desk.part(".last-decision").get_by_role("link").click()
    await phone.log_in(SCHOOL)
    await phone.part(".last-decision").get_by_role("link").click()
    await phone.write(reservation="Fritidsgården borde ha gått före.")
    await phone.press("Reservera mig")
    await desk.shows("#standing", "Fritidsgården borde ha gått före.")
    await desk.look("beslut-med-reservation")
    await phone.follow(PROBLEM)
    await phone.shows("#problem-events", "§ 1")
    await phone.look("problem-beslutat")
    await phone.log_out()
    await desk.log_out()


async def the_priority_is_decided_within_a_frame(phone: Window, desk: Window) -> None:
    await desk.log_in(PREPARES)
    await desk.go_to("Insatser")
    await desk.follow(MEASURE)
    await desk.part("#problem-measures").get_by_role("link", name="Föreslå prioritet").click()
    await desk.tick("priority", "first")
    await desk.write(text="Flest rapporter och många aktörer.")
    await desk.look("foresla-prioritet")
    await desk.press("Lägg fram för styrgruppen")
    await desk.shows("#problem-measures", "Styrgruppen ska besluta om prioritet")
    for who in (VICE, CHAIR):
        await phone.log_in(who)
        await phone.part(".waiting").get_by_role("link").first.click()
        await phone.tick("choice", "for")
        await phone.press("Rösta")
        await phone.shows("#vote", "Rösten är lämnad.")
        if who == VICE:
            await phone.log_out()
    await phone.write(motive="Det berör flest.")
    await phone.press("Besluta")
    await expect(phone.part("#standing")).to_contain_text(re.compile(r"§ 2/\d{4}: bifall"))
    await desk.shows("#problem-events", "§ 2")
    await phone.log_out()
    await phone.log_in(OWNER)
    await phone.go_to("Styrgrupp")
    await phone.part("nav.more").get_by_role("link", name="Resurser").click()
    await phone.write(money_kr="400 000", hours="200")
    await phone.press("Sätt ramen")
    await phone.shows("#years", "280 000 kvar")
    await phone.look("resurser")
    await phone.log_out()
    await desk.log_out()


async def the_task_is_done(phone: Window, desk: Window) -> None:
    await desk.log_in(PREPARES)
    await desk.go_to("Insatser")
    await desk.look("insatser")
    await desk.follow(MEASURE)
    await desk.shows("#problem-tasks", "Räkna lamporna")
    await phone.log_in(REPORTER)
    await phone.go_to("Mina uppdrag")
    await phone.look("uppdrag")
    await phone.follow("Räkna lamporna")
    await phone.look("uppgift")
    await phone.write(comment="Elva av trettio är trasiga.")
    await phone.press("Markera som klar")
    await desk.shows("#problem-tasks", "1 klar")


async def the_measure_is_followed_up(phone: Window, desk: Window) -> None:
    await desk.go_to("Uppföljning")
    await desk.shows("#follow-ups", "Ska följas upp nu")
    await desk.look("uppfoljning")
    await desk.follow(MEASURE)
    await phone.go_to("Mina uppdrag")
    await phone.part("#problems").get_by_role("link", name=PROBLEM).click()
    await desk.part("#problem-follow-ups").get_by_role("link", name="Följ upp").click()
    await desk.shows("main", "Före och efter, som det ser ut nu")
    await desk.look("folj-upp")
    await desk.tick("outcome", "done")
    await desk.write(
        done_on=_today(-3),
        text="Sju armaturer är bytta.",
        used_kr="118 000",
        used_hours="52",
    )
    await desk.press("Spara uppföljningen")
    await desk.shows("#problem-follow-ups", "Det säger inte att insatsen var orsaken.")
    await phone.shows("#problem-follow-ups", "Sju armaturer är bytta.")
    await desk.look("problem-uppfoljt")
    await phone.look("uppfoljt-i-arbetsgruppen")
    await desk.log_out()


async def the_reporter_sees_what_became_of_it(phone: Window, desk: Window) -> None:
    await phone.go_to("Återkoppling")
    await phone.shows("#became", "2 rapporter ingår i problem")
    await phone.shows("#became", MEASURE)
    await desk.log_in(COORDINATOR)
    await desk.press("Fastställ bilden")
    await desk.shows("#picture-approval", "Fastställd")
    await desk.look("faststalld")
    await phone.shows("#became", "Ingår i lägesbilden")
    await phone.shows("#editions", "Lägesbild vecka")
    await phone.look("aterkoppling")
    await phone.open_letter("lägesbild", to=REPORTER)
    await phone.shows("pre", "Er organisation lämnade 4 rapporter sedan förra bilden.")
    await phone.shows("pre", MEASURE)
    await phone.look("brev-utskick")
    await phone.page.locator("pre a").first.click()
    await phone.shows("h1", "Fyra veckor tillsammans")
    await phone.look("utgava")
    await phone.log_out()


async def everybody_may_read_what_is_published(phone: Window, desk: Window) -> None:
    await desk.go_to("Återkoppling")
    await desk.follow("Skriv den öppna sidan")
    await desk.write(
        headline="Hösten var ungefär som vanligt.",
        text="Ljuset vid norra ingången är lagat.",
    )
    await desk.page.get_by_role("checkbox", name=MEASURE).check()
    await desk.look("publicera")
    await desk.press("Publicera för alla")
    await desk.shows("#oppna-sidan", "Hösten var ungefär som vanligt.")
    await desk.look("publicerat")
    await phone.part(f'a[href="/{phone.town.slug}/tryggt"]').click()
    await phone.shows("h1", "Hösten var ungefär som vanligt.")
    await phone.shows(".promises", MEASURE)
    await phone.look("tryggt")


async def weeks_pass(database: Database, town: Town, weeks: int) -> None:
    """The measure was begun so long ago: what is written is never changed by the service itself."""
    connection = await asyncpg.connect(database.superuser)
    try:
        await connection.execute(
            """UPDATE ks.measure
               SET starts_on = starts_on - $2::integer, ends_on = ends_on - $2::integer
               WHERE tenant_id = $1""",
            town.id,
            weeks * 7,
        )
    finally:
        await connection.close()


def _today(days: int = 0) -> str:
    at: datetime = now().astimezone(STOCKHOLM)
    return (at.date() + timedelta(days=days)).isoformat()
