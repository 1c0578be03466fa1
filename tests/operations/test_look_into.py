"""Figures, rules and dashboard speak of the same things, and of no municipality."""

import json
import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import yaml
from prometheus_client import REGISTRY

import service.web.metrics  # noqa: F401 – registers the figures
from service.cycle.picture.jobs import VERB
from service.worker import run_job
from tenants.scope import fetch_value
from tests.cycle.mapping.test_hand_in import report
from tests.reference import ROOT
from tests.town import Neighbourhood, Town

MONITORING = ROOT / "deploy" / "monitoring"


async def figures(near: Neighbourhood, sender: str = "127.0.0.1", **headers: str) -> httpx.Response:
    transport = httpx.ASGITransport(near.app, client=(sender, 1234))
    async with httpx.AsyncClient(transport=transport, base_url=near.base_url) as client:
        return await client.get("/metrics", headers=headers)


def value(text: str, series: str) -> float:
    found = re.search(rf"^{re.escape(series)} ([\d.e+-]+)$", text, re.MULTILINE)
    return float(found.group(1)) if found else 0.0


async def test_requests_jobs_lateness_and_refusals_are_counted(
    tallbacka: Town, neighbourhood: Neighbourhood
) -> None:
    series = (
        'ks_requests_total{method="POST",status="2xx"}',
        'ks_refusals_total{status="422"}',
        'ks_jobs_total{outcome="done",verb="picture.compile"}',
        'ks_job_lateness_seconds_count{verb="picture.compile"}',
    )
    before = (await figures(neighbourhood)).text
    assert (await tallbacka.post("/rapportera", role="reporter", **report(tallbacka))).is_success
    await tallbacka.post("/rapportera", role="reporter", **report(tallbacka, category=""))
    waiting = (await figures(neighbourhood)).text
    assert value(waiting, "ks_messages_waiting") >= 1
    assert value(waiting, "ks_database_up") == 1
    async with tallbacka.scope():
        job = await fetch_value("SELECT id FROM job WHERE verb = $1", VERB)
    await run_job(str(job))
    after = (await figures(neighbourhood)).text
    assert [value(after, one) - value(before, one) for one in series] == [1, 1, 1, 1]
    assert tallbacka.slug not in after and str(tallbacka.id) not in after
    assert "Tallbacka" not in after


@pytest.mark.parametrize(
    ("sender", "headers"), [("10.1.2.3", {}), ("127.0.0.1", {"x-forwarded-for": "127.0.0.1"})]
)
async def test_nobody_else_sees_them(
    neighbourhood: Neighbourhood, sender: str, headers: dict[str, str]
) -> None:
    assert (await figures(neighbourhood, sender, **headers)).status_code == 404


def known() -> set[str]:
    """Every series that a process can show."""
    names = set()
    for metric in REGISTRY.collect():
        ends = {
            "counter": ["_total"],
            "histogram": ["_bucket", "_count", "_sum"],
        }.get(metric.type, [""])
        names |= {metric.name + end for end in ends}
    return names | {"up"}


def rules() -> Iterator[dict[str, Any]]:
    for group in yaml.safe_load((MONITORING / "alerts.yaml").read_text())["groups"]:
        yield from group["rules"]


def asked_in(expression: str) -> set[str]:
    return set(re.findall(r"\bks_\w+|\bup\b", expression))


def test_every_rule_asks_for_figures_that_exist_and_says_what_to_do() -> None:
    names = [rule["alert"] for rule in rules()]
    assert len(names) == len(set(names)) >= 8
    for rule in rules():
        assert asked_in(rule["expr"]) and asked_in(rule["expr"]) <= known(), rule["alert"]
        assert rule["labels"]["severity"] in ("page", "ticket")
        assert rule["annotations"]["summary"] and rule["annotations"]["action"]
        assert rule["expr"].count("(") == rule["expr"].count(")")


def test_the_dashboard_shows_figures_that_exist_and_every_one_of_ours() -> None:
    dashboard = json.loads((MONITORING / "dashboard.json").read_text())
    ids = [panel["id"] for panel in dashboard["panels"]]
    assert len(ids) == len(set(ids))
    shown: set[str] = set()
    for panel in dashboard["panels"]:
        assert panel["targets"], panel["title"]
        for target in panel["targets"]:
            shown |= asked_in(target["expr"])
    assert shown <= known()
    ours = {name for name in known() if name.startswith("ks_")}
    stems = {re.sub("_(total|bucket|count|sum)$", "", name) for name in ours}
    assert {re.sub("_(total|bucket|count|sum)$", "", name) for name in shown} == stems
