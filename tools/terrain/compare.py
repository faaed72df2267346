"""Two outputs compared, value by value, and what explains a difference. Pure."""

from __future__ import annotations

import fnmatch
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# Stands for a file, a key or an item that one side lacks.
ABSENT = "(absent)"
# Path of a difference of two texts that isn't one of JSON values.
TEXT = "(text)"


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One value that differs: in which file of the output, at which dotted path of its JSON, and what each holds."""

    file: str
    path: str
    cdktf: Any
    terrain: Any


@dataclass(frozen=True, kw_only=True)
class Explained:
    """Differences that are known: a pattern of files, one path, the two values, and why it is so."""

    files: str
    path: str
    cdktf: Any
    terrain: Any
    reason: str

    def fits(self, found: Difference) -> bool:
        values = (found.path, found.cdktf, found.terrain) == (self.path, self.cdktf, self.terrain)
        return values and fnmatch.fnmatchcase(found.file, self.files)


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """Differences with their reason (None: nothing explains it), and explanations that nothing needs any more."""

    found: tuple[tuple[Difference, str | None], ...]
    needless: tuple[Explained, ...]

    @property
    def unexplained(self) -> list[Difference]:
        return [difference for difference, reason in self.found if reason is None]

    @property
    def good(self) -> bool:
        return not self.unexplained and not self.needless


def judge(differences: Sequence[Difference], known: Sequence[Explained]) -> Verdict:
    """Give each difference the reason of the first of ``known`` that fits it."""
    reasons = [(each, next((one for one in known if one.fits(each)), None)) for each in differences]
    needless = tuple(one for one in known if all(used is not one for _, used in reasons))
    return Verdict(found=tuple((each, used.reason if used else None) for each, used in reasons), needless=needless)


def of_directories(cdktf: Path, terrain: Path, *, exact: bool) -> Iterator[Difference]:
    """Differences of all files below two directories, by path.

    JSON is compared by its values; where ``exact``, the same values in another text are a difference too.
    """
    names = {str(path.relative_to(top)) for top in (cdktf, terrain) for path in top.rglob("*") if path.is_file()}
    for name in sorted(names):
        left, right = (_text(top / name) for top in (cdktf, terrain))
        if left == right:
            continue
        if left is None or right is None or not name.endswith(".json"):
            yield Difference(file=name, path=TEXT, cdktf=_short(left), terrain=_short(right))
            continue
        values = list(of_values(name, json.loads(left), json.loads(right)))
        yield from values
        if exact and not values:
            yield Difference(file=name, path=TEXT, cdktf=_short(left), terrain=_short(right))


def of_values(file: str, cdktf: Any, terrain: Any, path: str = "") -> Iterator[Difference]:
    """Differences of two JSON values, the deepest there are: keys of objects have no order, items of lists have."""
    if isinstance(cdktf, dict) and isinstance(terrain, dict):
        for key in sorted({*cdktf, *terrain}):
            yield from of_values(file, cdktf.get(key, ABSENT), terrain.get(key, ABSENT), _below(path, key))
    elif isinstance(cdktf, list) and isinstance(terrain, list):
        for at in range(max(len(cdktf), len(terrain))):
            left, right = (side[at] if at < len(side) else ABSENT for side in (cdktf, terrain))
            yield from of_values(file, left, right, _below(path, str(at)))
    elif type(cdktf) is not type(terrain) or cdktf != terrain:
        yield Difference(file=file, path=path, cdktf=cdktf, terrain=terrain)


def _below(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key


def _text(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.is_file() else None


def _short(text: str | None) -> str:
    return ABSENT if text is None else f"{len(text)} characters"
