"""The scheduler: sends what is to be done at certain times; workers do the work.

One sends, however many are started: the others stand by and take over when it falls silent.
"""

import asyncio
import logging
import signal
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import dramatiq

from service.settings import Settings
from service.worker import make_broker
from tenants.engines import close_engines, open_engines
from tenants.processes import keep_beating

logger = logging.getLogger(__name__)


class Place:
    """Whether this process is the one that sends."""

    def __init__(self) -> None:
        self.held = False
        self._known = False

    def tell(self, held: bool) -> None:
        if held and not self.held:
            logger.info("This scheduler sends.")
        elif not held and (self.held or not self._known):
            logger.warning("Another scheduler sends; this one stands by and takes over from it.")
        self.held, self._known = held, True


def schedule(settings: Settings) -> None:
    """Run the scheduler until it is told to stop."""
    broker = make_broker(settings)
    try:
        asyncio.run(_run(settings, broker))
    finally:
        broker.close()


async def _run(settings: Settings, broker: dramatiq.Broker) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await open_engines(
        settings.database_url,
        broker_url=settings.broker_url,
        live_url=settings.live_url,
        size=2,
    )
    place = Place()
    beating = asyncio.create_task(keep_beating("scheduler", holds=place.tell))
    sending = asyncio.create_task(_send_in_time(broker, place))
    try:
        await stop.wait()
    finally:
        for task in (sending, beating):
            task.cancel()
        await asyncio.gather(sending, beating, return_exceptions=True)
        await close_engines()


async def _send_in_time(broker: dramatiq.Broker, place: Place) -> None:
    """At each full minute, send what is due then; what a lost broker missed comes round again."""
    periodic = [actor for actor in broker.actors.values() if "periodic" in actor.options]
    loop = asyncio.get_running_loop()
    # One thread, to which the broker's connection belongs; waiting for it stops no heartbeat.
    with ThreadPoolExecutor(1, thread_name_prefix="scheduler") as thread:
        while True:
            now = datetime.now().astimezone()
            minute = now.replace(second=0, microsecond=0) + timedelta(minutes=1)
            await asyncio.sleep((minute - now).total_seconds())
            if place.held:
                due = [one for one in periodic if one.options["periodic"].validate(minute)]
                await loop.run_in_executor(thread, _send, due, minute)


def _send(actors: list[Any], minute: datetime) -> None:
    for actor in actors:
        try:
            actor.send_with_options(scheduled_at=minute.isoformat())
        except Exception:
            logger.exception("%s could not be sent; it is tried at its next time.", actor)
