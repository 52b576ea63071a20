#!/usr/bin/env bash
# litestar 2.25.0
#
# Guess: the media type of a handler is that of what the handler returns. An exception is answered by litestar itself,
#        with a JSON body, and so as application/json.
# Saw:   the JSON body of the error goes out under the handler's media type: {"status_code": …} as text/plain. A
#        client that looks at the content type does not parse it.
# So:    Collab's routes that answer with text leave the handler's media type alone: the response that they return
#        has it, and the route's `responses` tell the schema of it.
source "$(dirname "${BASH_SOURCE[0]}")/form.sh"
python_with litestar[testing]==2.25.0
cat >service.py <<'PY'
from litestar import MediaType, Response, get
from litestar.exceptions import NotFoundException
from litestar.testing import create_test_client


@get("/handler", media_type=MediaType.TEXT)
async def named_by_the_handler(found: bool = False) -> str:
    if not found:
        raise NotFoundException("no such text")
    return "text"


@get("/response")
async def named_by_the_response(found: bool = False) -> Response[str]:
    if not found:
        raise NotFoundException("no such text")
    return Response("text", media_type=MediaType.TEXT)


with create_test_client([named_by_the_handler, named_by_the_response]) as client:
    for path in ("/handler", "/response"):
        for query in ("?found=true", ""):
            answer = client.get(path + query)
            kind = answer.headers["content-type"].partition(";")[0]
            print(answer.status_code, kind, answer.text[:1], end=", ")
PY
expect "answers" "$(python -W ignore service.py 2>errors)" \
    "200 text/plain t, 404 text/plain {, 200 text/plain t, 404 application/json {, "
