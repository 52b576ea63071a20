"""The accounts that the embedded server runs as."""

from __future__ import annotations

import os
import pwd

from collab.postgres.home import Account

NOBODY = pwd.getpwnam("nobody")
ROOT = os.geteuid() == 0
ACCOUNT = Account(NOBODY.pw_uid, NOBODY.pw_gid) if ROOT else None
ACCOUNTS = [None, NOBODY] if ROOT else [None]
"""Root proves both its own case and a normal user's."""
UNKNOWN = pwd.struct_passwd(("unknown", "x", 54321, 54321, "", "/", "/bin/false"))
"""As containers are started: no list of users has this one."""


def _as(account: pwd.struct_passwd | None) -> str:
    return "as a normal user" if account or not ROOT else "as root"
