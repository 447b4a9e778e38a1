"""What is wrong with a lesson's folder, told all at once."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing an author has to correct."""

    file: Path  # the file to open; a folder when the file itself is missing
    key: str  # dotted path within the file ("steps[2].on"), "line 3", or "" for the file as a whole
    reason: str
    line: int = field(default=0, compare=False)  # of the key, from 1; 0: not known

    def __str__(self) -> str:
        file = f"{self.file}:{self.line}" if self.line else str(self.file)
        return ": ".join(part for part in (file, self.key, self.reason) if part)


class ContentError(ValueError):
    """A folder that is not a lesson. `faults` holds every fault found, in the order of the files."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(map(str, self.faults)))
