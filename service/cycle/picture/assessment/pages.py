"""Where the group assesses: one place of the list, the weights, and the level of the situation."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Redirect, Template

from service.cycle.mapping.check_text import points_out
from service.cycle.picture.assessment.assess import assess_cell, cell_names, read_assessments
from service.cycle.picture.assessment.forms import (
    HEAVIEST,
    INFLUENCES,
    LEVELS,
    LONGEST_INDICATORS,
    LONGEST_MOTIVE,
    POSITIONS,
    AssessmentForm,
    LevelForm,
    WeightingForm,
)
from service.cycle.picture.assessment.settle_level import read_levels, settle_level
from service.cycle.picture.assessment.weigh import read_weightings, weigh
from service.web.formats import moment, number
from service.web.language import _
from service.web.may import CurrentMember, may
from service.web.respond import page
from tenants.roles import Permission

ASSESS = may(Permission.PICTURE_ASSESS)
WEIGH = may(Permission.PICTURE_WEIGH)


@get("/{municipality:str}/lagesbild/bedom/{area:str}/{category:str}", opt=ASSESS)
async def assessment_page(
    request: Request[Any, Any, Any], area: FromPath[str], category: FromPath[str]
) -> Template:
    standing = (await read_assessments()).get((area, category))
    form = AssessmentForm()
    if standing:
        influence = "" if standing.influence is None else str(standing.influence)
        form = AssessmentForm(influence, standing.position, standing.motive)
    return await _assessment(request, (area, category), form)


@post("/{municipality:str}/lagesbild/bedom/{area:str}/{category:str}", opt=ASSESS, status_code=200)
async def assess(
    request: Request[Any, Any, Any],
    member: CurrentMember,
    area: FromPath[str],
    category: FromPath[str],
) -> Response[Any]:
    form = AssessmentForm.parse(await request.form())
    if said := await points_out(form.motive):
        form.errors["motive"] = said
    if form.errors:
        return await _assessment(request, (area, category), form, status=422)
    if not await assess_cell(by=member, cell=(area, category), form=form):
        raise NotFoundException()
    return Redirect(f"/{member.municipality.slug}/lagesbild#prioritering", status_code=303)


async def _assessment(
    request: Request[Any, Any, Any], cell: tuple[str, str], form: AssessmentForm, status: int = 200
) -> Template:
    names = await cell_names(cell)
    if names is None:
        raise NotFoundException()
    return page(
        request,
        "cycle/picture/assess.html",
        status=status,
        form=form,
        title=_("%(category)s, %(area)s", category=_(names[0]), area=names[1]),
        influences=[("", _("Inte bedömd")), *((key, _(text)) for key, text in INFLUENCES.items())],
        positions=[(key, _(text)) for key, text in POSITIONS.items()],
        longest=LONGEST_MOTIVE,
    )


@get("/{municipality:str}/lagesbild/vikter", opt=WEIGH)
async def weights_page(request: Request[Any, Any, Any]) -> Template:
    standing = await read_weightings(1)
    form = WeightingForm()
    if standing:
        one = standing[0]
        form = WeightingForm(number(one.light), number(one.medium), number(one.severe))
    return await _weights(request, form)


@post("/{municipality:str}/lagesbild/vikter", opt=WEIGH, status_code=200)
async def set_weights(request: Request[Any, Any, Any], member: CurrentMember) -> Response[Any]:
    form = WeightingForm.parse(await request.form())
    if said := await points_out(form.motive):
        form.errors["motive"] = said
    if form.errors:
        return await _weights(request, form, status=422)
    await weigh(by=member, form=form)
    return Redirect(f"/{member.municipality.slug}/lagesbild/vikter", status_code=303)


async def _weights(
    request: Request[Any, Any, Any], form: WeightingForm, status: int = 200
) -> Template:
    rows = [
        [
            number(one.version, 0),
            *(number(weight) for weight in (one.light, one.medium, one.severe)),
            one.motive,
            one.name,
            moment(one.at),
        ]
        for one in await read_weightings()
    ]
    return page(
        request,
        "cycle/picture/weights.html",
        status=status,
        form=form,
        rows=rows,
        most=round(HEAVIEST),
        longest=LONGEST_MOTIVE,
    )


@get("/{municipality:str}/lagesbild/niva", opt=ASSESS)
async def level_page(request: Request[Any, Any, Any]) -> Template:
    return await _level(request, LevelForm())


@post("/{municipality:str}/lagesbild/niva", opt=ASSESS, status_code=200)
async def set_level(request: Request[Any, Any, Any], member: CurrentMember) -> Response[Any]:
    form = LevelForm.parse(await request.form())
    if said := await points_out(form.indicators):
        form.errors["indicators"] = said
    if form.errors:
        return await _level(request, form, status=422)
    await settle_level(by=member, form=form)
    return Redirect(f"/{member.municipality.slug}/lagesbild/niva", status_code=303)


async def _level(request: Request[Any, Any, Any], form: LevelForm, status: int = 200) -> Template:
    return page(
        request,
        "cycle/picture/level.html",
        status=status,
        form=form,
        levels=[(key, _(text)) for key, text in LEVELS.items()],
        settled=[
            [_(LEVELS[one.level]), one.indicators, one.name, moment(one.at)]
            for one in await read_levels()
        ],
        longest=LONGEST_INDICATORS,
    )


routes = [assessment_page, assess, weights_page, set_weights, level_page, set_level]
