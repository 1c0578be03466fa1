"""How a command finds the installation that `make run` keeps running: by its data folder."""

import json
from collections.abc import Mapping
from pathlib import Path

from service.local.data_folder import lock
from service.local.private_file import write_private
from service.local.refusal import Refused

NAME = "running.json"


def tell_where(folder: Path, environment: Mapping[str, str]) -> None:
    """Leave the KS_ variables where a command of the same user can read them."""
    ours = {name: value for name, value in environment.items() if name.startswith("KS_")}
    write_private(folder / NAME, json.dumps(ours))


def variables_of(folder: Path) -> dict[str, str]:
    """The KS_ variables of the installation that runs on the folder. Raises Refused."""
    folder = folder.expanduser().absolute()
    stopped = Refused(
        f"Ingen Kraftsamling är igång på {folder}: starta den med `make run`, "
        f"eller säg vilken med DATA_DIR=… framför kommandot."
    )
    try:
        found: dict[str, str] = json.loads((folder / NAME).read_text())
        # Whoever runs holds the folder; what was left by one that was killed is of no use.
        held = lock(folder / "postgres.lock", "")
    except OSError as error:
        raise stopped from error
    except Refused:
        return found
    held.close()
    raise stopped
