"""The brokers and live channels that this machine runs, each with a place of the run's own."""

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import redis

REDIS = ("127.0.0.1", 6379)
RABBITMQ = ("127.0.0.1", 5672)


def answers(address: tuple[str, int]) -> bool:
    """Whether anything listens there."""
    try:
        socket.create_connection(address, timeout=1).close()
    except OSError:
        return False
    return True


def missing(kind: str) -> str | None:
    """Why the engine of that kind cannot be tried here, or None."""
    match kind:
        case "redis" if not answers(REDIS):
            return "no Redis or Valkey listens on port 6379"
        case "amqp" if not answers(RABBITMQ):
            return "no RabbitMQ listens on port 5672"
        case "amqp" if not shutil.which("rabbitmqctl") or os.geteuid() != 0:
            return "only root may make a virtual host in RabbitMQ"
        case _:
            return None


@contextmanager
def place_of(kind: str, database_url: str) -> Iterator[str]:
    """A URL of that kind at which nobody else's messages are."""
    match kind:
        case "redis":
            number = os.getpid() % 15 + 1
            client = redis.Redis(*REDIS, db=number)
            client.flushdb()
            try:
                yield f"redis://127.0.0.1:6379/{number}"
            finally:
                client.flushdb()
                client.close()
        case "amqp":
            host = f"kraftsamling-{os.getpid()}"
            _rabbitmq("add_vhost", host)
            _rabbitmq("set_permissions", "-p", host, "guest", ".*", ".*", ".*")
            try:
                yield f"amqp://guest:guest@127.0.0.1:5672/{host}"
            finally:
                _rabbitmq("delete_vhost", host)
        case _:
            yield database_url


def _rabbitmq(*command: str) -> None:
    subprocess.run(["rabbitmqctl", "-q", *command], check=True, capture_output=True, timeout=60)
