"""What a run runs: the files of a room at its revision, and how the program is started."""

from __future__ import annotations

from uuid import UUID

from msgspec import Struct

from collab.changes.program import Program
from collab.changes.run import Options
from collab.protocol import FileId
from collab.room.fold import fold
from collab.room.log import PAGE, Log, read_texts
from collab.room.state import State
from collab.runs.interpreters import SITE
from collab.runs.ladder import Ground
from collab.runs.options import RunLimits
from collab.runs.programs import Order, pack
from collab.runs.testing import node_tests, python_tests
from collab.store.blobs import Blobs

_NODE_MEMORY = 0.6
"""The part of a run's memory that the heap of JavaScript may take; buffers and the engine itself
need the rest."""
_MIB = 1024 * 1024


class NotRunnable(Exception):
    """The file cannot be run here. `code` is stable, the words are for people."""

    def __init__(self, code: str, words: str) -> None:
        super().__init__(words)
        self.code = code


class Source(Struct, frozen=True):
    """The files of a room at a revision, and the one to run."""

    path: str
    language: str
    texts: list[tuple[str, str]]
    assets: list[tuple[str, str, int]]
    """Path, hash and size."""


class Setup(Struct, frozen=True):
    """How a program is run, once all that a run leaves open is as the room says. Without `stdin`,
    people type its input."""

    args: list[str]
    env: dict[str, str]
    stdin: str | None
    tests: list[str] | None


def program_of(state: State) -> Program:
    """How the room's program is run, as people have said."""
    program: Program = state.facts.get("program") or Program()
    return program


def entry_of(state: State) -> FileId:
    """The file to run when the request names none: the room's entry file, or else the main file."""
    entry = program_of(state).entry
    return entry if entry and state.tree.is_living(entry) else state.main_id


def setup_of(state: State, options: Options, limits: RunLimits) -> Setup:
    """Complete the options of a run by those of the room. Raises NotRunnable."""
    program = program_of(state)
    stdin = options.stdin
    if stdin is None and program.stdin and state.tree.is_living(program.stdin):
        stdin = str(state.files[program.stdin].text)
        if (size := len(stdin.encode())) > limits.input:
            words = f"The file of input has {size} bytes; a run takes {limits.input}."
            raise NotRunnable("input_too_large", words)
    args = program.args if options.args is None else options.args
    return Setup(args, program.env, stdin, options.tests)


async def state_at(log: Log, room_id: UUID, revision: int) -> State:
    """A room as it was at a revision."""
    opened = await log.open(room_id)
    state = opened.state if opened and opened.state.revision <= revision else State()
    while state.revision < revision:
        entries = await log.since(room_id, state.revision)
        for entry in entries:
            if state.revision < revision:
                fold(state, entry)
        if len(entries) < PAGE:
            break
    await read_texts(log, room_id, state)
    return state


def source_of(state: State, file: FileId, ground: Ground, limits: RunLimits) -> Source:
    """Find what is to be run. Raises NotRunnable, with a code and words."""
    if ground.rung == "off":
        raise NotRunnable("runs_off", ground.words)
    if not state.tree.get(file) or not state.tree.is_living(file):
        raise NotRunnable("unknown_file", "The file to run is not in this room, or was not then.")
    path = state.path(file)
    if file not in state.files:
        raise NotRunnable("not_runnable", f"{path} is not a text; only a program can be run.")
    language = state.language(file)
    if language in ("javascript", "typescript"):
        if not ground.in_page:
            _check_node(language, ground)
    elif language != "python":
        raise NotRunnable(
            "not_runnable", f"{path} is {language}; Python, JavaScript and TypeScript can be run."
        )
    texts = [(state.path(f.id), str(f.text)) for f in state.living_files()]
    assets = [
        (state.path(id_), content.blob, content.size)
        for id_, content in state.assets.items()
        if state.tree.is_living(id_)
    ]
    size = sum(len(text) for _, text in texts) + sum(size for _, _, size in assets)
    if size > limits.room:
        words = f"The files of this room have {size} bytes; a run takes {limits.room}."
        raise NotRunnable("room_too_large", words)
    return Source(path, language, texts, assets)


def _check_node(language: str, ground: Ground) -> None:
    if ground.node is None:
        words = (
            "This server has no Node, so it runs no JavaScript: install Node, or give --run-node."
        )
        raise NotRunnable("no_interpreter", words)
    if language == "typescript" and not ground.node.types:
        words = (
            f"Node {ground.node.version} of this server runs no TypeScript: 22.7 to 25 do."
            " Give another one with --run-node."
        )
        raise NotRunnable("no_interpreter", words)


async def order_of(
    source: Source,
    setup: Setup,
    ground: Ground,
    limits: RunLimits,
    blobs: Blobs,
    room_id: UUID,
) -> Order:
    """Make the order of a run. Its archive is the caller's to close. Raises NotRunnable."""
    files = [(path, text.encode()) for path, text in source.texts]
    for path, blob, size in source.assets:
        pieces = [piece async for piece in blobs.read(room_id, blob, size)]
        files.append((path, b"".join(pieces)))
    if source.language == "python":
        argv, path = await _python(source, setup, ground)
        path = f":{ground.packages.folder}{path}" if ground.packages.folder else path
        # V8 reserves more than it uses, and is watched only.
        more = {"DATA": limits.memory}
    else:
        argv, path, more = _node(source, setup, ground, limits), "", {}
    env = {
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "HOME": "{room}",
        "TMPDIR": "{tmp}",
        "LANG": "C.UTF-8",
        "PYTHONPATH": f"{SITE}:{{room}}{path}",
        "PYTHONDONTWRITEBYTECODE": "1",
        "MPLBACKEND": "module://collab_figures",
        "MPLCONFIGDIR": "{tmp}",
        # A thread for each core of a large machine would be more than a run may have.
        "OMP_NUM_THREADS": "4",
        "OPENBLAS_NUM_THREADS": "4",
        # An unreadable one would be the end of Node.
        "OPENSSL_CONF": "/dev/null",
        "NODE_OPTIONS": "",
    }
    return Order(argv, env, pack(files), more, setup.env)


async def _python(source: Source, setup: Setup, ground: Ground) -> tuple[list[str], str]:
    """The command line, and what else is on the path of modules."""
    assert ground.python
    if setup.tests is None:
        return [ground.python.path, "-s", source.path, *setup.args], ""
    assert ground.pytest
    if words := await ground.pytest.ready(ground.python):
        raise NotRunnable("no_interpreter", words)
    return [ground.python.path, *python_tests(setup.tests)], f":{ground.pytest.folder}"


def _node(source: Source, setup: Setup, ground: Ground, limits: RunLimits) -> list[str]:
    assert ground.node
    heap = int(limits.memory * _NODE_MEMORY) // _MIB
    flags = [f"--max-old-space-size={heap}"]
    if source.language == "typescript" or setup.tests is not None:
        flags += ground.node.flags
    if setup.tests is None:
        return [ground.node.path, *flags, source.path, *setup.args]
    return [ground.node.path, *flags, *node_tests(setup.tests)]
