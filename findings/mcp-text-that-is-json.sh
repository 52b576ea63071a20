#!/usr/bin/env bash
# mcp 2.3.0: a tool's argument of text, where the text happens to be JSON
#
# Guess: a tool gets the text as the client sent it, whether its parameter is `str` or `str | None`; and a call with an
#        argument that the tool does not have is refused.
# Saw:   for `str` it does. For `str | None` a text that is a JSON list or object is parsed first and then refused for not
#        being a text, and the text "null" arrives as None; a number's and a boolean's text arrive as they are. An
#        argument that no parameter has is dropped without a word, so that a misspelled one leaves the default.
# So:    no tool of Collab's has an optional text: the default is an empty one.
source "$(dirname "${BASH_SOURCE[0]}")/form.sh"
python_with mcp==2.3.0
seen=$(python - 2>/dev/null <<'PY'
import asyncio

from mcp import Client
from mcp.server import MCPServer

server = MCPServer("texts")


@server.tool()
def plain(text: str) -> str:
    return repr(text)


@server.tool()
def optional(text: str | None = None) -> str:
    return repr(text)


async def main() -> None:
    async with Client(server) as client:
        for tool in ("plain", "optional"):
            said = []
            for text in ('{"a": 1}', "[1]", "null", "12", "true"):
                result = await client.call_tool(tool, {"text": text})
                said.append("refused" if result.is_error else result.content[0].text)
            print(tool, *said)
        result = await client.call_tool("optional", {"txt": "hello"})
        print("misspelled", result.is_error, result.content[0].text)


asyncio.run(main())
PY
)
expect "a text" "$(sed -n 1p <<<"$seen")" "plain '{\"a\": 1}' '[1]' 'null' '12' 'true'"
expect "an optional text" "$(sed -n 2p <<<"$seen")" "optional refused refused None '12' 'true'"
expect "an argument that is none" "$(sed -n 3p <<<"$seen")" "misspelled False None"
