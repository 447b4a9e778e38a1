"""What is wrong with a lesson's folder, told all at once."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing an author has to correct."""

    file: Path  # the file to open; a folder when the file itself is missing
    key: str  # dotted path within the file ("steps[2].on"), "line 3", or "" for the file as a whole
    reason: str

    def __str__(self) -> str:
        return ": ".join(part for part in (str(self.file), self.key, self.reason) if part)


class ContentError(ValueError):
    """A folder that is not a lesson. `faults` holds every fault found, in the order of the files."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(map(str, self.faults)))
