"""The REST API does what its description says, whatever it is asked."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from schemathesis.generation import GenerationMode
from schemathesis.openapi import from_url
from schemathesis.specs.openapi.checks import (
    negative_data_rejection,
    positive_data_acceptance,
)

from tests.support.server import Server

EXAMPLES = 10
FEW = 3
"""Requests for a room that is hardly ever there: nearly all have the same answer."""


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize("room", ["any", "one that is there"])
def test_every_answer_is_one_that_the_api_describes(
    shared_server: Server, mode: GenerationMode, room: str
) -> None:
    asked = set()
    room_id = shared_server.create_room(initial_code="x = 1\n")
    api = from_url(f"{shared_server.url}/docs/openapi.json")
    for found in api.get_all_operations():
        operation: Any = found.ok()  # type: ignore[union-attr]
        if mode is GenerationMode.NEGATIVE and not operation.body:
            continue  # there is nothing in it to be wrong
        if room != "any" and "{room_id}" not in operation.path:
            continue
        examples = FEW if room == "any" and "{room_id}" in operation.path else EXAMPLES

        # Schemathesis's own fixtures do not work with the current pytest.
        @given(case=operation.as_strategy(generation_mode=mode))
        @settings(
            max_examples=examples,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        )
        def check(case: Any) -> None:
            asked.add(case.operation.label)
            if room != "any":
                case.path_parameters["room_id"] = room_id
            response = case.call()
            # A schema tells neither of all texts that no room can have, nor of the largest request.
            excluded = [positive_data_acceptance]
            if response.status_code == 413:
                excluded.append(negative_data_rejection)
            case.validate_response(response, excluded_checks=excluded)

        check()
    assert ("POST /rooms" if room == "any" else "PATCH /rooms/{room_id}/files/{file_path}") in asked
