"""Runs a program of Python in the worker of a page. Its last value is the exit status."""

import io
import os
import sys
import traceback
import types
from importlib import import_module

import collab_page
from pyodide.ffi import can_run_sync, run_sync

ROOM = "/room"
SITE = "/collab"
MISSING = (
    "A program in a browser has Python's own library and the modules of the room. Others, like"
    " numpy or matplotlib, are there where the server has a sandbox and its operator has installed"
    " them."
)


class Input(io.RawIOBase):
    """What people type. A program that reads it waits without the worker being busy."""

    rest = b""

    def readable(self):
        return True

    def readinto(self, buffer):
        if not self.rest:
            text = collab_page.now()
            if text == "":
                if not can_run_sync():
                    words = "this browser cannot wait for input; give it beforehand, as a file"
                    raise OSError(words)
                text = run_sync(collab_page.read())
            self.rest = text.encode() if text else b""
        taken = self.rest[: len(buffer)]
        buffer[: len(taken)] = taken
        self.rest = self.rest[len(taken) :]
        return len(taken)


def begin():
    os.chdir(ROOM)
    sys.stdin = sys.__stdin__ = io.TextIOWrapper(io.BufferedReader(Input()), "utf-8", "replace")
    sys.dont_write_bytecode = True


def test():
    sys.path[:0] = [ROOM, SITE]
    pytest, plugin = import_module("pytest"), import_module("collab_tests")
    plugin.write = lambda line: collab_page.report(line.decode())
    # There are no descriptors to capture.
    return int(pytest.main(["--capture=sys", *collab_page.tests]))


def run(path, arguments):
    sys.argv = [path, *arguments]
    sys.path.insert(0, os.path.dirname(os.path.join(ROOM, path)))
    main = types.ModuleType("__main__")
    main.__file__ = os.path.join(ROOM, path)
    sys.modules["__main__"] = main
    try:
        with open(path, "rb") as file:
            code = compile(file.read(), main.__file__, "exec", dont_inherit=True)
        exec(code, main.__dict__)
    except SystemExit as stop:
        if stop.code is None or isinstance(stop.code, int):
            return stop.code or 0
        print(stop.code, file=sys.stderr)
        return 1
    except BaseException as error:
        # The first frame is this one.
        shown = error.__traceback__.tb_next if error.__traceback__ else None
        is_missing = isinstance(error, ModuleNotFoundError)
        if is_missing:
            # Pyodide tells how it would be fetched, which cannot be done here.
            error.msg = error.msg.partition("\n")[0]
        traceback.print_exception(type(error), error, shown)
        if is_missing:
            print(MISSING, file=sys.stderr)
        return 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
    return 0


begin()
run(collab_page.path, list(collab_page.arguments)) if collab_page.tests is None else test()
