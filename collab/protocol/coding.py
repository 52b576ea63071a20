"""The JSON of messages and changes."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, Union

from msgspec import Struct, json
from msgspec.structs import replace

from collab.protocol.changes import Change
from collab.protocol.from_client import ClientMessage, PlainMessage
from collab.protocol.to_client import Entries, Joined, ServerMessage
from collab.protocol.values import MOST_COMPONENTS
from ot import Operation, OperationError


def _decode_operation(kind: type, value: Any, *, most: int | None = None) -> Any:
    if kind is Operation:
        # An OperationError is a ValueError, which msgspec tells.
        return Operation.decode(value, most_components=most)
    raise NotImplementedError(kind)


def _encode_operation(value: Any) -> Any:
    if isinstance(value, Operation):
        return value.components
    raise NotImplementedError(type(value))


def _refuse_fraction(text: str) -> Any:
    """Instead of reading the number, which can take long: of what a client says none has one."""
    raise OperationError(f"{text[:20]} is no component of an operation")


encoder = json.Encoder(enc_hook=_encode_operation)


def encode(message: ServerMessage) -> bytes:
    """The JSON of a message. Entries are one array, as short as can be read."""
    if type(message) is Entries:
        return encoder.encode([message.revision, *message.entries])
    if type(message) is Joined and message.facts:
        return join_fields(encoder.encode(replace(message, facts={})), message.facts)
    return encoder.encode(message)


def join_fields(body: bytes, fields: Mapping[str, Any]) -> bytes:
    """A JSON object with these fields behind its own."""
    return body[:-1] + b"," + encoder.encode(fields)[1:] if fields else body


def make_client_decoder(*more: type[Struct]) -> json.Decoder[ClientMessage]:
    """A decoder of what OT clients say, and of further messages."""
    return json.Decoder(
        Union[ClientMessage, *more],
        dec_hook=partial(_decode_operation, most=MOST_COMPONENTS),
        float_hook=_refuse_fraction,
    )


client_decoder = make_client_decoder()
plain_decoder: json.Decoder[PlainMessage] = json.Decoder(PlainMessage)
change_decoder: json.Decoder[Change] = json.Decoder(Change, dec_hook=_decode_operation)
