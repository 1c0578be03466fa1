"""One trace from the request through the queue to the database, and no value in any span."""

import asyncio
import gzip
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from service.settings import Settings
from tenants.tracing import carried
from tests.conftest import free_ports
from tests.cycle.mapping.test_hand_in import report
from tests.engines.test_combinations import Service, wait_until_ready
from tests.processes import running
from tests.town import Town

WORDS = "Någon okänd kastade sten"


@pytest.fixture
def collector() -> Iterator[tuple[str, list[bytes]]]:
    """An OTLP collector's address, and what was sent there."""
    bodies: list[bytes] = []

    class Take(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            if self.headers.get("content-encoding") == "gzip":
                body = gzip.decompress(body)
            bodies.append(body)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: Any) -> None: ...

    server = HTTPServer(("127.0.0.1", 0), Take)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/v1/traces", bodies
    server.shutdown()


def spans(bodies: list[bytes]) -> list[Any]:
    found = []
    for body in bodies:
        sent = ExportTraceServiceRequest.FromString(body)
        found += [
            span
            for resource in sent.resource_spans
            for scope in resource.scope_spans
            for span in scope.spans
        ]
    return found


async def test_a_report_is_one_trace_from_request_to_picture(
    tallbacka: Town, settings: Settings, tmp_path: Path, collector: tuple[str, list[bytes]]
) -> None:
    address, bodies = collector
    port = free_ports()
    chosen = replace(settings, port=port)
    logs = tmp_path / "logs"
    logs.mkdir()
    with (
        running("web", chosen, logs / "web.log", KS_TRACES_URL=address),
        running("worker", chosen, logs / "worker.log", KS_TRACES_URL=address),
    ):
        service = Service((port, port), logs)
        await wait_until_ready(service)
        sent = report(tallbacka, text=WORDS)
        answer = await service.post(0, tallbacka, "/rapportera", "reporter", **sent)
        assert answer.status_code == 200
        for _ in range(300):
            ours = {span.trace_id for span in spans(bodies) if span.name == "request POST"}
            # What earlier tests left in the queue belongs to no request of ours.
            jobs = [
                span
                for span in spans(bodies)
                if span.name == "job picture.compile" and span.trace_id in ours
            ]
            if jobs:
                break
            await asyncio.sleep(0.1)
        assert jobs, service.said()
        await asyncio.sleep(2)
    trace = [span for span in spans(bodies) if span.trace_id == jobs[0].trace_id]
    names = [span.name for span in trace]
    assert "request POST" in names and names.count("job picture.compile") == 1
    assert "INSERT" in names and "WITH" in names
    (request,) = (span for span in trace if span.name == "request POST")
    assert any(span.parent_span_id == jobs[0].span_id for span in trace)
    assert jobs[0].start_time_unix_nano > request.start_time_unix_nano
    everything = b"".join(bodies)
    session = (await tallbacka.client("reporter")).cookies["__Host-sid"]
    for value in (WORDS, tallbacka.slug, str(tallbacka.id), session, sent["report_id"]):
        assert value.encode() not in everything


async def test_without_an_address_nothing_is_traced() -> None:
    assert carried() is None
