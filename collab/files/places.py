"""Chooses paths for the files of a zip, so that every desktop can keep them apart."""

from __future__ import annotations

from collections.abc import Sequence

from collab.room.names import key_of


class Places:
    """The folders and files that a zip has. Names that differ in case alone are the same.

    A folder that is there already is used. A file that is there already has the next one named
    after it: `utils_2.py`.
    """

    def __init__(self, most_bytes: int) -> None:
        """Names have at most so many bytes."""
        self._most_bytes = most_bytes
        self._taken: dict[tuple[str, ...], dict[str, tuple[str, bool]]] = {}
        """By folder as it is named, and by key of a name: the name, and whether it is a folder."""
        self._numbers: dict[tuple[tuple[str, ...], str], int] = {}
        """The last number that was tried for a name in a folder."""

    def folder(self, names: Sequence[str]) -> tuple[str, ...]:
        """The folder at these names, made where it is not there."""
        place: tuple[str, ...] = ()
        for name in names:
            within = self._taken.setdefault(place, {})
            found, is_folder = within.get(key_of(name), ("", False))
            if not is_folder:
                found = self._free(place, name)
                within[key_of(found)] = (found, True)
            place = (*place, found)
        return place

    def file(self, names: Sequence[str]) -> tuple[str, ...]:
        """A place for a file of these names."""
        place = self.folder(names[:-1])
        name = self._free(place, names[-1])
        self._taken.setdefault(place, {})[key_of(name)] = (name, False)
        return (*place, name)

    def _free(self, place: tuple[str, ...], name: str) -> str:
        """The name itself or, where it is taken, the next free one that is numbered.

        A zip may have one name thousands of times, so no number is tried twice.
        """
        within = self._taken.get(place, {})
        dot = name.rfind(".")
        stem, ending = (name[:dot], name[dot:]) if dot > 0 else (name, "")
        free = name
        while key_of(free) in within:
            number = self._numbers.get((place, key_of(name)), 1) + 1
            self._numbers[place, key_of(name)] = number
            end = f"_{number}{ending}"
            free = _cut(stem, self._most_bytes - len(end.encode())) + end
        return free


def _cut(name: str, most: int) -> str:
    """The beginning of a name that has at most so many bytes."""
    return name.encode()[:most].decode(errors="ignore")
