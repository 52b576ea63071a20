"""With the extra `otel`, requests and statements are traced to where the environment says."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from queue import Queue

import httpx
import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from tests.support.ports import free_port
from tests.support.server import DEADLINE, Server

Collector = tuple[str, "Queue[bytes]"]


@pytest.fixture
def collector() -> Iterator[Collector]:
    """An address that takes spans, and what it has taken."""
    taken: Queue[bytes] = Queue()

    class Take(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            taken.put(self.rfile.read(int(self.headers["content-length"])))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Take) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", taken
        server.shutdown()
        thread.join()


def test_a_request_and_its_statements_are_traced(database_url: str, collector: Collector) -> None:
    endpoint, taken = collector
    environment = {
        "OTEL_EXPORTER_OTLP_ENDPOINT": endpoint,
        "OTEL_EXPORTER_OTLP_COMPRESSION": "none",
        "OTEL_BSP_SCHEDULE_DELAY": "100",
        "COLLAB_AI_KEY": "sk-zebra",
    }
    ai = ("--ai=openai", "--ai-model=m", f"--ai-url=http://127.0.0.1:{free_port()}")
    with (
        Server(
            *ai, "--ai-hosts=127.0.0.1", database_url=database_url, environment=environment
        ) as server,
        httpx.Client(base_url=server.url, timeout=DEADLINE) as guest,
    ):
        room_id = server.create_room(initial_code="zebra")
        server.room(room_id)
        cookie = guest.put("/me/ai", json={"agreed": True}).headers["set-cookie"]
        guest.headers["cookie"] = cookie.partition(";")[0]
        asked = guest.post(f"/rooms/{room_id}/ai/ask", json={"question": "zebra?"})
        assert "model_unreachable" in asked.text
        bodies = b""
        names: set[str] = set()
        deadline = time.monotonic() + DEADLINE
        wanted = {"POST /rooms", "GET /rooms/{room_id}", "POST /rooms/{room_id}/ai/ask", "with"}
        while not wanted <= names:
            assert time.monotonic() < deadline, names
            bodies += (spans := taken.get(timeout=DEADLINE))
            for resource in ExportTraceServiceRequest.FromString(spans).resource_spans:
                names |= {span.name for scope in resource.scope_spans for span in scope.spans}
    for private in (room_id, "zebra"):
        assert private.encode() not in bodies
