"""Whether a broker keeps what it has taken, also when it is stopped and started."""

from typing import Any

import pika
import redis
from dramatiq.brokers.rabbitmq import RabbitmqBroker
from pika.exceptions import AMQPError, ChannelClosedByBroker

from tenants.broker import connect_broker, kind_of
from tenants.jobs import QUEUE


class BrokerSilent(RuntimeError):
    """The broker does not answer, or does not let us in."""


class NotDurable(RuntimeError):
    """What the broker has taken may be gone after a restart; the text says why, in Swedish."""


def check_broker(url: str) -> int | None:
    """How many messages wait, or None where the database itself is the queue.

    Blocks; call it in a thread. Raises BrokerSilent or NotDurable.
    """
    match kind_of(url):
        case "amqp":
            return _check_rabbitmq(url)
        case "redis":
            return _check_redis(url)
        case _:
            return None


def _check_rabbitmq(url: str) -> int:
    broker = connect_broker(url, [])
    assert isinstance(broker, RabbitmqBroker)
    try:
        parameters = broker.parameters
        connection = pika.BlockingConnection(parameters)
        try:
            # Declaring it as we do is refused when the queue is there and is otherwise.
            channel = connection.channel()
            declared = channel.queue_declare(
                QUEUE, durable=True, arguments=broker._build_queue_arguments(QUEUE)
            )
            return int(declared.method.message_count)
        finally:
            connection.close()
    except ChannelClosedByBroker as error:
        if error.reply_code == 406:
            raise NotDurable(f"kön {QUEUE} finns men är inte varaktig (durable)") from error
        raise BrokerSilent(error.reply_text) from error
    except (AMQPError, OSError) as error:
        raise BrokerSilent(type(error).__name__) from error


def _check_redis(url: str) -> int:
    client: Any = redis.Redis.from_url(url, socket_connect_timeout=5, socket_timeout=5)
    try:
        if not int(client.info("persistence")["aof_enabled"]):
            raise NotDurable("den skriver inte varje ändring till disk (appendonly är av)")
        policy = client.info("memory").get("maxmemory_policy", "noeviction")
        if policy != "noeviction":
            raise NotDurable(f"den kastar det som väntar när minnet är fullt ({policy})")
        return int(client.llen(f"kraftsamling:{QUEUE}"))
    except redis.RedisError as error:
        raise BrokerSilent(type(error).__name__) from error
    finally:
        client.close()
