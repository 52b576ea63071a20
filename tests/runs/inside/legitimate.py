"""Do the things that a program may do, and print the name of each after it is done.

python legitimate.py network,pool
"""

import asyncio
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import neighbour


def square(number):
    return number * number


def threads():
    found = []
    all_ = [threading.Thread(target=found.append, args=(n,)) for n in range(20)]
    for thread in all_:
        thread.start()
    for thread in all_:
        thread.join()
    assert len(found) == 20


def processes():
    done = subprocess.run([sys.executable, "-c", "print(6 * 7)"], capture_output=True, text=True)
    assert done.stdout == "42\n", done
    done = subprocess.run("echo a | tr a b", shell=True, capture_output=True, text=True)
    assert done.stdout == "b\n", done


def database():
    with sqlite3.connect("data.db") as connection:
        connection.execute("create table t (a)")
        connection.execute("insert into t values (1)")
    assert sqlite3.connect("data.db").execute("select a from t").fetchone() == (1,)


def files():
    assert neighbour.VALUE == "beside"
    assert Path("data/numbers.csv").read_text() == "1,2\n"
    with tempfile.NamedTemporaryFile("w") as file:
        file.write("x")
    Path("out.txt").write_text("written")
    shutil.copy("out.txt", "copy.txt")
    os.rename("copy.txt", "moved.txt")
    assert Path("moved.txt").read_text() == "written"


def loop():
    async def main():
        process = await asyncio.create_subprocess_exec("true")
        await asyncio.sleep(0)
        assert await process.wait() == 0

    asyncio.run(main())


def network():
    with socket.create_server(("127.0.0.1", 0)) as server:
        with socket.create_connection(server.getsockname()) as client:
            client.sendall(b"hello")
            assert server.accept()[0].recv(9) == b"hello"


def pool():
    with ProcessPoolExecutor(2) as executor:
        assert list(executor.map(square, range(4))) == [0, 1, 4, 9]


if __name__ == "__main__":
    for thing in (threads, processes, database, files, loop, network, pool):
        if thing not in (network, pool) or thing.__name__ in sys.argv[1:]:
            thing()
            print(thing.__name__)
