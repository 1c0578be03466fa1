"""Piccolo's view of the history: one app, whatever the slices are called."""

from pathlib import Path

from piccolo.conf.apps import AppConfig

APP_CONFIG = AppConfig(
    app_name="kraftsamling",
    migrations_folder_path=str(Path(__file__).parent / "history"),
)
