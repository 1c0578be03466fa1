"""Where this process sends its traces, if anywhere."""

from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

from service.settings import Settings
from tenants.tracing import turn_on


def start_tracing(settings: Settings, part: str) -> None:
    """Send spans in batches to the OTLP collector of KS_TRACES_URL; without one nothing is made."""
    if not settings.traces_url:
        return
    provider = TracerProvider(
        resource=Resource({"service.name": "kraftsamling", "service.part": part})
    )
    exporter = OTLPSpanExporter(endpoint=settings.traces_url, timeout=5)
    provider.add_span_processor(BatchSpanProcessor(exporter, schedule_delay_millis=1000))
    trace.set_tracer_provider(provider)
    turn_on()
