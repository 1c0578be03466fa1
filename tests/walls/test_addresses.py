"""No file of the project names a registry's host: clients know where their registries are."""

from pathlib import Path

from tests.walls.reading import ROOT, kept_files

# Written in halves, or this file would name them itself.
HOSTS = [
    left + right
    for left, right in (
        ("pypi", ".org"),
        ("pythonhosted", ".org"),
        ("registry.npm", "js.org"),
        ("deb.", "debian.org"),
        ("security.", "debian.org"),
        ("npm.pkg.", "github.com"),
        ("un", "pkg.com"),
        ("cdn.js", "delivr.net"),
    )
]


def named_hosts(text: str) -> list[str]:
    return [host for host in HOSTS if host in text]


def test_no_file_names_a_registry() -> None:
    for path in kept_files():
        found = named_hosts(path.read_text(errors="replace"))
        assert not found, f"{path.relative_to(ROOT)}: names {found}; pin by version and hash alone"


def test_an_offender_is_named(tmp_path: Path) -> None:
    for host in HOSTS:
        assert named_hosts(f"--index-url https://{host}/simple")
