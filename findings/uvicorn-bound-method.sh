#!/usr/bin/env bash
# uvicorn 0.54.0: an application that is a method
#
# Guess: a bound coroutine method (scope, receive, send) is taken for ASGI 3, as a coroutine function is.
# Saw:   it is taken for ASGI 2, and called with the scope alone. The instance with an async __call__ is ASGI 3; its
#        bound __call__ is not.
# So:    what Collab hands to uvicorn is an instance, never one of its methods.
source "$(dirname "${BASH_SOURCE[0]}")/form.sh"
python_with uvicorn==0.54.0
seen=$(python - <<'PY'
from uvicorn import Config

class App:
    async def __call__(self, scope, receive, send): ...
    async def serve(self, scope, receive, send): ...

app = App()
for form in (app, app.serve, app.__call__):
    config = Config(form)
    config.load()
    print(config.interface, end=" ")
PY
)
expect "an instance, its method, its bound __call__" "$seen" "asgi3 asgi2 asgi2 "
