"""`python -m tests.soak --seed 7 --minutes 5`"""

from __future__ import annotations

import argparse
import asyncio
import sys
from random import SystemRandom

from tests.soak.soak import Soak


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.soak")
    parser.add_argument("--seed", type=int, help="what breaks, and when; by default another")
    parser.add_argument("--minutes", type=float, default=1, help="for which things break")
    arguments = parser.parse_args()
    seed = SystemRandom().randrange(10**6) if arguments.seed is None else arguments.seed
    _say(f"seed {seed}")
    asyncio.run(Soak(seed, _say).run(60 * arguments.minutes))


def _say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
