"""A snapshot: the state of a room as JSON, which `collab.store` keeps.

Each fact is a field of its own beside the others. A release passes over those it does not know.
"""

from __future__ import annotations

from msgspec import Raw, Struct, json

from collab.protocol import File, join_fields
from collab.room.kinds import FACTS
from collab.room.state import State, TextFile
from ot import Document


class _Form(Struct, omit_defaults=True):
    revision: int = 0
    updated_at: int = 0
    files: dict[str, File] = {}
    main_id: str = ""


_encoder = json.Encoder()
_form_decoder = json.Decoder(_Form)
_field_decoder = json.Decoder(dict[str, Raw])
_fact_decoders = {fact.name: json.Decoder(fact.type | None) for fact in FACTS}


def encode_snapshot(state: State) -> str:
    """The JSON of a state. Facts that the room does not have are left out."""
    files = {file.id: file.wire() for file in state.files.values()}
    form = _Form(state.revision, state.updated_at, files, state.main_id)
    return join_fields(_encoder.encode(form), state.facts).decode()


def decode_snapshot(text: str) -> State:
    """The state that a snapshot was made of, of this release or an older one."""
    form = _form_decoder.decode(text)
    fields = _field_decoder.decode(text)
    facts = {
        name: value
        for name, decoder in _fact_decoders.items()
        if name in fields and (value := decoder.decode(fields[name])) is not None
    }
    state = State(form.revision, form.updated_at, facts=facts)
    for file in form.files.values():
        state.add(TextFile(file.id, file.path, file.language, Document(file.text)))
    if form.main_id:
        state.main_id = form.main_id
    return state
