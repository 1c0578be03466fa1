"""Every live topic stands in the one list, so that a lost connection is made up for in all."""

import ast
import re
from importlib import import_module

from service.web.live import TOPICS
from tests.walls.reading import ROOT, modules


def announced() -> dict[str, str]:
    """Each topic that is announced, and a place that does it."""
    found = {}
    for path, tree in modules("service", "tenants"):
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id == "announce"
            ):
                (topic,) = node.args
                if isinstance(topic, ast.Constant):
                    name = topic.value
                else:
                    assert isinstance(topic, ast.Name), f"{path}:{node.lineno}: name the topic"
                    module = import_module(".".join(path.with_suffix("").parts))
                    name = getattr(module, topic.id)
                found[name] = f"{path}:{node.lineno}"
    return found


def listened_for() -> dict[str, str]:
    """Each topic that a template refetches upon, and the template."""
    return {
        topic: str(path.relative_to(ROOT))
        for path in sorted((ROOT / "templates").rglob("*.html"))
        for topic in re.findall(r"([a-z_-]+) from:#live", path.read_text())
    }


def test_what_is_announced_is_told_again_after_a_lost_connection() -> None:
    for topic, place in announced().items():
        assert topic in TOPICS, f"{place} announces {topic!r}: add it to TOPICS in web/live.py"


def test_what_a_page_listens_for_is_announced() -> None:
    for topic, place in listened_for().items():
        assert topic in announced(), f"{place} waits for {topic!r}, which nobody announces"


def test_the_list_holds_nothing_that_nobody_announces() -> None:
    assert len(set(TOPICS)) == len(TOPICS)
    assert set(TOPICS) == set(announced())
