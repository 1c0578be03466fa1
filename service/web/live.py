"""Live is a hint, never content: "topic T changed", and browsers refetch with their own rights."""

import asyncio
import json
import logging
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any
from uuid import UUID

from litestar import Request, get
from litestar.exceptions import TooManyRequestsException
from litestar.response import ServerSentEvent, ServerSentEventMessage

from service.web.may import SESSION_COOKIE, CurrentMember, may
from tenants.broker import kind_of
from tenants.listening import hint, listen
from tenants.members import Member, find_member
from tenants.municipalities import municipality_by_slug
from tenants.roles import Permission
from tenants.scope import current_tenant, tenant_scope

logger = logging.getLogger(__name__)

# All that may be announced. Told to every open page when the listening was broken.
TOPICS = (
    "picture",
    "edition",
    "inbox",
    "batch",
    "areas",
    "ground",
    "problem",
    "council",
    "meeting",
    "publication",
    "people",
    "rights",
    "watched",
)
STREAMS_PER_PERSON = 12
STREAMS_PER_MUNICIPALITY = 2000
# A revoked membership or an ended session closes its streams within this time.
CHECK_SECONDS = 20.0
# A sender that dies between its commit and its hint, on a channel that is told after the commit,
# leaves open pages behind for no longer than this.
CATCH_UP_SECONDS = 60.0
# A page is dated when it is answered; what it shows may have been read this long before.
DRAWING_SECONDS = 2.0


async def announce(topic: str) -> None:
    """Tell open pages of the open scope's municipality, once it commits, that `topic` changed."""
    await hint(json.dumps({"tenant": str(current_tenant()), "topic": topic}))


class Follower:
    """One open page: the topics that changed since it was last told."""

    def __init__(self) -> None:
        self.topics: set[str] = set()
        self.changed = asyncio.Event()

    def tell(self, topic: str) -> None:
        self.topics.add(topic)
        self.changed.set()

    def take(self) -> list[str]:
        topics, self.topics = sorted(self.topics), set()
        self.changed.clear()
        return topics


class Hub:
    """This process' one listening connection, and the pages that it serves."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._followers: dict[UUID, set[Follower]] = {}
        self._persons: Counter[UUID] = Counter()
        self._task: asyncio.Task[None] | None = None
        self.closing = False
        # When each municipality's topics last changed, in seconds since 1970.
        self._changed: dict[UUID, dict[str, float]] = {}
        # When the listening began, or began anew: what was announced before is unknown.
        self._listens_since = 0.0
        # The database sends a hint with its commit; any other channel is told after it.
        self._may_miss = kind_of(dsn) != "postgresql"

    async def open(self) -> None:
        # What was announced while nobody listened is unknown: everybody looks again.
        self._task = asyncio.create_task(
            listen(self._dsn, heard=self._heard, connected=self._tell_again)
        )

    async def close(self) -> None:
        self.closing = True
        self._tell_everybody("closing")
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    def _heard(self, text: str) -> None:
        try:
            hint = json.loads(text)
            tenant, topic = UUID(hint["tenant"]), str(hint["topic"])
        except (ValueError, KeyError, TypeError):
            logger.warning("A live hint was not understood.")
            return
        self._changed.setdefault(tenant, {})[topic] = time.time()
        for follower in self._followers.get(tenant, ()):
            follower.tell(topic)

    def _tell_again(self) -> None:
        self._listens_since = time.time()
        for topic in TOPICS:
            self._tell_everybody(topic)

    def _tell_everybody(self, topic: str) -> None:
        for followers in self._followers.values():
            for follower in followers:
                follower.tell(topic)

    @property
    def open_streams(self) -> int:
        return sum(map(len, self._followers.values()))

    async def follow(
        self, member: Member, token: str, *, drawn: float | None = None
    ) -> AsyncIterator[ServerSentEventMessage]:
        """The hints for one open page, until its reader may no longer read or the hub closes.

        `drawn` is when the page was drawn: what changed between that and now is told first.
        """
        if self._full(member):
            return  # Asked for at the same time as others that were let in.
        tenant = member.municipality.id
        follower = Follower()
        self._followers.setdefault(tenant, set()).add(follower)
        self._persons[member.person_id] += 1
        if drawn is not None:
            for topic in self._changed_since(tenant, drawn - DRAWING_SECONDS):
                follower.tell(topic)
        try:
            yield ServerSentEventMessage(event="hello", data="", retry=2000)
            loop = asyncio.get_running_loop()
            next_check = loop.time() + CHECK_SECONDS
            caught_up = loop.time()
            while not self.closing:
                with suppress(TimeoutError):
                    async with asyncio.timeout_at(next_check):
                        await follower.changed.wait()
                if self.closing:
                    return
                # Before each hint too: that something changed is not told to who lost the right.
                if not await self._may_still_read(member, token):
                    return
                if loop.time() >= next_check:
                    next_check = loop.time() + CHECK_SECONDS
                    # Tells proxies, and us, whether the other end is still there.
                    yield ServerSentEventMessage(comment="", data=None)
                if self._may_miss and loop.time() >= caught_up + CATCH_UP_SECONDS - CHECK_SECONDS:
                    caught_up = loop.time()
                    follower.topics.update(TOPICS)
                for topic in follower.take():
                    yield ServerSentEventMessage(event=topic, data="")
        finally:
            self._followers[tenant].discard(follower)
            if not self._followers[tenant]:
                del self._followers[tenant]
            self._persons[member.person_id] -= 1

    def _changed_since(self, tenant: UUID, then: float) -> list[str]:
        if self._listens_since > then:
            return list(TOPICS)
        return [topic for topic, at in self._changed.get(tenant, {}).items() if at > then]

    async def _may_still_read(self, member: Member, token: str) -> bool:
        if await municipality_by_slug(member.municipality.slug) is None:
            return False
        async with tenant_scope(member.municipality.id):
            # An open page is no act of its reader: it does not keep the session from idling out.
            now = await find_member(token, member.municipality, seen=False)
        return isinstance(now, Member) and now.permissions == member.permissions

    def refuse_too_many(self, member: Member) -> None:
        """Raise 429 when the person or the municipality holds too many streams already."""
        if self._full(member):
            raise TooManyRequestsException(headers={"Retry-After": "30"})

    def _full(self, member: Member) -> bool:
        return (
            self._persons[member.person_id] >= STREAMS_PER_PERSON
            or len(self._followers.get(member.municipality.id, ())) >= STREAMS_PER_MUNICIPALITY
        )


@get("/{municipality:str}/live", opt=may(Permission.MUNICIPALITY_ENTER))
async def live(request: Request[Any, Any, Any], member: CurrentMember) -> ServerSentEvent:
    """Authorised in the request's scope, then streamed outside it."""
    hub: Hub = request.app.state.hub
    hub.refuse_too_many(member)
    token = request.cookies[SESSION_COOKIE]
    drawn = request.query_params.get("ritad", "")
    since = float(drawn) if drawn.isdecimal() and len(drawn) < 12 else None
    return ServerSentEvent(hub.follow(member, token, drawn=since))


routes = [live]
