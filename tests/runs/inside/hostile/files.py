"""Files of others, and what they may be turned into."""

import json
import os
import subprocess
import sys

from attempts import Held, OUTSIDE, case, opens

case("a file of the server")(lambda: opens(OUTSIDE["secret"]))
case("a file that anybody may read")(lambda: opens(OUTSIDE["open"]))
case("/etc/shadow")(lambda: opens("/etc/shadow"))
case("/etc/passwd")(lambda: opens("/etc/passwd"))
case("a file beside the room's folder")(lambda: os.listdir("../../home") and "listed /home")


@case("a link to a file outside")
def _():
    os.symlink(OUTSIDE["open"], "link")
    return opens("link")


@case("a hard link to a file outside")
def _():
    os.link(OUTSIDE["open"], "hard")
    return opens("hard")


@case("the interpreter, written")
def _():
    return opens(os.path.realpath(sys.executable), os.O_WRONLY)


@case("the running program, written by /proc/self/exe")
def _():
    return opens("/proc/self/exe", os.O_WRONLY)


@case("a module of the interpreter, written")
def _():
    return opens(json.__file__, os.O_WRONLY)


@case("a file in /usr")
def _():
    return opens("/usr/bin/collab-was-here", os.O_WRONLY | os.O_CREAT)


@case("a folder that anybody may write")
def _():
    return opens(OUTSIDE["folder"] + "/here", os.O_WRONLY | os.O_CREAT)


@case("the mode of a file outside")
def _():
    os.chmod(OUTSIDE["open"], 0o777)
    raise Held  # judged from outside


@case("the time of a file outside")
def _():
    os.utime(OUTSIDE["open"], (1, 1))
    raise Held  # judged from outside


@case("the length of a file outside")
def _():
    os.truncate(OUTSIDE["open"], 0)
    return "truncated"


@case("a device")
def _():
    os.mknod("device", 0o600 | 0o020000, os.makedev(1, 1))
    return "made /dev/mem"


@case("a setuid program")
def _():
    done = subprocess.run(["/usr/bin/su", "-c", "id"], capture_output=True, timeout=5, text=True)
    if "uid=0(root)" not in done.stdout:
        raise Held
    return done.stdout


@case("privileges, by a setuid file of its own")
def _():
    with open("/proc/self/status") as status:
        found = dict(line.split(":", 1) for line in status)
    if int(found["NoNewPrivs"]) == 1 and int(found["CapEff"], 16) == 0:
        raise Held
    return "no_new_privs is not set, or there are capabilities"


@case("user 0")
def _():
    os.setuid(0)
    if not OUTSIDE["root"] and os.getuid() == 0:
        raise Held
    return "is root"
