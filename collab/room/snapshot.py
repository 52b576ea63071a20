"""A snapshot: the state of a room as JSON, which `collab.store` keeps.

Each fact is a field of its own beside the others. A release passes over facts that it does not
know, and reads no snapshot of a newer `form`. The first form had no tree: its files have a path,
and no `name`, and a release that knows only that form reads no newer one.
"""

from __future__ import annotations

from msgspec import Raw, Struct, json

from collab.errors import NewerRelease
from collab.protocol import Asset, Folder, Language, join_fields
from collab.room.kinds import FACTS
from collab.room.languages import chosen_language
from collab.room.state import Bytes, State, TextFile
from collab.room.tree import Place
from ot import Document

_FORM = 2


class _File(Struct, omit_defaults=True):
    id: str
    text: str
    name: str = ""
    path: str = ""
    language: Language | None = None
    parent: str = ""
    removed: bool = False


class _Version(Struct):
    form: int = 1


class _Form(Struct, omit_defaults=True):
    form: int = 1
    revision: int = 0
    updated_at: int = 0
    files: dict[str, _File] = {}
    folders: list[Folder] = []
    assets: list[Asset] = []
    main_id: str = ""


_encoder = json.Encoder()
_version_decoder = json.Decoder(_Version)
_form_decoder = json.Decoder(_Form)
_field_decoder = json.Decoder(dict[str, Raw])
_fact_decoders = {fact.name: json.Decoder(fact.type | None) for fact in FACTS}


def encode_snapshot(state: State) -> str:
    """The JSON of a state. Facts that the room does not have are left out."""
    files = {
        file.id: _File(
            file.id,
            file.text,
            file.name,
            language=file.language,
            parent=file.parent,
            removed=file.removed,
        )
        for file in state.wire()
    }
    form = _Form(
        _FORM,
        state.revision,
        state.updated_at,
        files,
        state.wire_folders(),
        state.wire_assets(),
        state.main_id,
    )
    return join_fields(_encoder.encode(form), state.facts).decode()


def decode_snapshot(text: str) -> State:
    """The state that a snapshot was made of, of this release or an older one.

    Raises NewerRelease for a snapshot of a newer form, and DecodeError for what is no snapshot.
    """
    version = _version_decoder.decode(text).form
    if version > _FORM:
        raise NewerRelease(f"a snapshot has the form {version}")
    form = _form_decoder.decode(text)
    fields = _field_decoder.decode(text)
    facts = {
        name: value
        for name, decoder in _fact_decoders.items()
        if name in fields and (value := decoder.decode(fields[name])) is not None
    }
    state = State(form.revision, form.updated_at, facts=facts)
    for folder in form.folders:
        place = Place(folder.parent, folder.name, is_folder=True, removed=folder.removed)
        state.tree.put(folder.id, place)
    for file in form.files.values():
        name = file.name or file.path
        chosen = file.language if file.name else chosen_language(name, file.language)
        text_file = TextFile(file.id, chosen, Document(file.text))
        state.add(text_file, name, file.parent, removed=file.removed)
    for asset in form.assets:
        place = Place(asset.parent, asset.name, is_folder=False, removed=asset.removed)
        state.tree.put(asset.id, place)
        state.put(asset.id, Bytes(asset.blob, asset.size))
    if form.main_id:
        state.main_id = form.main_id
    return state
