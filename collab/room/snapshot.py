"""A snapshot: the state of a room as JSON, and beside it the texts of its files.

The JSON has the length, checksum and hash of each text. `collab.store` keeps the texts, one for
each file, so that a snapshot writes only the texts that have changed since the one before.

Each fact is a field of its own. A release ignores facts that it does not know, and reads no
snapshot of a newer `form`. In the second form the texts were in the JSON. The first form had no
tree: its files have a path, and no `name`.
"""

from __future__ import annotations

from base64 import urlsafe_b64encode
from hashlib import blake2b
from typing import Generic, TypeVar

from msgspec import Raw, Struct, json

from collab.errors import NewerRelease
from collab.protocol import Asset, FileId, Folder, Language, join_fields
from collab.room.kinds import FACTS
from collab.room.languages import chosen_language
from collab.room.state import Bytes, State, TextFile, Written
from collab.room.texts import KeptText, Text
from collab.room.tree import Place

R = TypeVar("R")

_FORM = 3


class Snapshot(Struct, frozen=True):
    """A snapshot of a room at a revision, and the texts that the log does not keep yet."""

    revision: int
    state: str
    main: FileId
    texts: dict[FileId, KeptText]


class _Row(Struct, array_like=True):
    """A file, its place, and what is known of its text without the text itself."""

    id: FileId
    parent: str
    name: str
    language: Language | None
    removed: bool
    length: int
    checksum: int
    hash: str


class _File(Struct, omit_defaults=True):
    """A file in the older forms."""

    id: str
    text: str
    name: str = ""
    path: str = ""
    language: Language | None = None
    parent: str = ""
    removed: bool = False


class _Version(Struct):
    form: int = 1


class _Form(Struct, Generic[R], omit_defaults=True):
    form: int = 1
    revision: int = 0
    updated_at: int = 0
    files: dict[str, _File] = {}
    texts: list[R] = []
    folders: list[Folder] = []
    assets: list[Asset] = []
    main_id: str = ""


_encoder = json.Encoder()
_version_decoder = json.Decoder(_Version)
_form_decoder = json.Decoder(_Form[_Row])
_field_decoder = json.Decoder(dict[str, Raw])
_fact_decoders = {fact.name: json.Decoder(fact.type | None) for fact in FACTS}


def take_snapshot(state: State) -> Snapshot:
    """Make a snapshot. Texts with edits must be in memory: see `edited`.

    Facts that the room does not have are left out.
    """
    texts: dict[FileId, KeptText] = {}
    rows: list[Raw] = []
    places = state.tree.places()
    for id_, file in state.files.items():
        text, place, written = file.text, places[id_], file.written
        hash_ = text.kept
        if not text.is_kept:
            whole = str(text)
            hash_ = hash_of(whole)
            texts[id_] = KeptText(hash_, whole)
        # Of many files few have changed since the snapshot before.
        if (
            written is None
            or written.place is not place
            or written.hash != hash_
            or written.chosen != file.chosen
        ):
            assert hash_
            where = (id_, place.parent, place.name, file.chosen, place.removed)
            row = _encoder.encode(_Row(*where, len(text), text.checksum, hash_))
            written = file.written = Written(place, file.chosen, hash_, Raw(row))
        rows.append(written.row)
    form = _Form[Raw](
        _FORM,
        state.revision,
        state.updated_at,
        texts=rows,
        folders=state.wire_folders(),
        assets=state.wire_assets(),
        main_id=state.main_id,
    )
    encoded = join_fields(_encoder.encode(form), state.facts).decode()
    return Snapshot(state.revision, encoded, state.main_id, texts)


def edited(state: State) -> list[FileId]:
    """List the files whose texts `take_snapshot` needs."""
    return [file.id for file in state.files.values() if not file.text.is_kept]


def decode_snapshot(text: str) -> State:
    """Read the state from a snapshot of this release or an older one.

    The texts are absent, except from an older form, which has them in the JSON. Raises NewerRelease
    for a snapshot of a newer form, and DecodeError for anything that is no snapshot.
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
        text_file = TextFile(file.id, chosen, Text(file.text))
        state.add(text_file, name, file.parent, removed=file.removed)
    for row in form.texts:
        absent = Text(None, length=row.length, checksum=row.checksum, kept=row.hash)
        text_file = TextFile(row.id, row.language, absent)
        state.add(text_file, row.name, row.parent, removed=row.removed)
    for asset in form.assets:
        place = Place(asset.parent, asset.name, is_folder=False, removed=asset.removed)
        state.tree.put(asset.id, place)
        state.put(asset.id, Bytes(asset.blob, asset.size))
    if form.main_id:
        state.main_id = form.main_id
    return state


def hash_of(text: str) -> str:
    """Name a version of a text: 128 bits of a hash of it, as 22 characters."""
    digest = blake2b(text.encode(), digest_size=16).digest()
    return urlsafe_b64encode(digest).decode().rstrip("=")
