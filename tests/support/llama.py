"""llama.cpp itself, with a small model that says the alphabet, again and again.

As a module it serves until its input ends: `python -m tests.support.llama MODEL PORT`.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from string import ascii_lowercase

import gguf
import numpy as np

from tests.support.ports import free_port

LETTERS = ascii_lowercase
_SPECIAL = ("<unk>", "<s>", "</s>", "<fim_pre>", "<fim_suf>", "<fim_mid>")
_BYTES = len(_SPECIAL)
_TOKENS = _BYTES + 256
_WIDTH = 288
"""Not less than there are tokens, and a multiple of the block of a head."""
_INNER = 32


@contextmanager
def llama(folder: Path) -> Iterator[str]:
    """Serve the model on a free port; gives its address."""
    model, port = folder / "alphabet.gguf", free_port()
    write_model(model)
    command = [sys.executable, "-m", "tests.support.llama", str(model), str(port)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        assert process.stdout
        assert process.stdin
        url = process.stdout.readline().decode().strip()
        assert url, "it does not start"
        yield url
        process.stdin.close()


def write_model(path: Path) -> None:
    """Write a model in which each token is followed by one other: a letter by the next letter, all
    else by `a`. Its one layer adds nothing."""
    follow = np.full(_TOKENS, _BYTES + ord("a"))
    for letter, after in zip(LETTERS, LETTERS[1:] + LETTERS[0], strict=True):
        follow[_BYTES + ord(letter)] = _BYTES + ord(after)
    every = np.arange(_TOKENS)
    embedding, output = np.zeros((2, _TOKENS, _WIDTH), np.float32)
    embedding[every, every] = output[follow, every] = 1
    writer = gguf.GGUFWriter(path, "llama")
    _describe(writer)
    one = np.ones(_WIDTH, np.float32)
    tensors = {"token_embd": embedding, "output": output, "output_norm": one}
    tensors |= {f"blk.0.{name}_norm": one for name in ("attn", "ffn")}
    for name in ("q", "k", "v", "output"):
        tensors[f"blk.0.attn_{name}"] = np.zeros((_WIDTH, _WIDTH), np.float32)
    inner = {"gate": (_INNER, _WIDTH), "up": (_INNER, _WIDTH), "down": (_WIDTH, _INNER)}
    for name, shape in inner.items():
        tensors[f"blk.0.ffn_{name}"] = np.zeros(shape, np.float32)
    for name, tensor in tensors.items():
        writer.add_tensor(f"{name}.weight", tensor)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _describe(writer: gguf.GGUFWriter) -> None:
    """Add the sizes of the model, and its tokens: those of bytes, and those that mark a gap."""
    writer.add_context_length(16_384)
    writer.add_embedding_length(_WIDTH)
    writer.add_block_count(1)
    writer.add_feed_forward_length(_INNER)
    writer.add_head_count(4)
    writer.add_head_count_kv(4)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_dimension_count(_WIDTH // 4)
    writer.add_vocab_size(_TOKENS)
    writer.add_tokenizer_model("llama")
    writer.add_token_list([*_SPECIAL, *(f"<0x{byte:02X}>" for byte in range(256))])
    writer.add_token_scores([0.0] * _TOKENS)
    kinds = gguf.TokenType
    marks = [kinds.CONTROL] * (len(_SPECIAL) - 1)
    writer.add_token_types([kinds.UNKNOWN, *marks, *[kinds.BYTE] * 256])
    writer.add_unk_token_id(0)
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    for number, name in enumerate(("pre", "suf", "mid"), start=3):
        writer.add_uint32(f"tokenizer.ggml.fim_{name}_token_id", number)


def _serve(model: str, port: int) -> None:
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = model
    params.port = port
    params.n_ctx = 8192
    params.n_parallel = 1
    params.endpoint_slots = True
    params.warmup = False
    params.chat_template = "{% for message in messages %}{{ message['content'] }}{% endfor %}"
    server = xllamacpp.Server(params)
    sys.stdout.write(f"{server.listening_address}\n")
    sys.stdout.flush()
    sys.stdin.read()


if __name__ == "__main__":
    _serve(sys.argv[1], int(sys.argv[2]))
