"""A run, told again as something from everyday life."""

from dataclasses import dataclass
from typing import Annotated

from lessons.content.constraints import Items, OneOf, Seconds, Slug, Unique


@dataclass(frozen=True, slots=True)
class Analogy:
    """Whoever works for a server is a person, and a request is a guest whom they serve.

    It is drawn of the learner's own run of an example: who stands where is what was measured.
    """

    id: Annotated[str, Slug()]
    example: Annotated[str, OneOf("example")]
    waits: Annotated[tuple[Annotated[float, Seconds()], ...], Items(1, 3), Unique()]  # when: waits after the load began
    place: str  # "kitchen": where what is slow happens
    person: str  # "waiter": a worker, or the event loop
    stands: str  # "1 waiter" "standing in the kitchen": can do nothing else meanwhile
    attends: str  # "1 waiter" "taking an order": runs a view's own code
    free: str  # "1 waiter" "free for the next table"
    guest: str  # "table": a request
    queued: str  # "9 tables" "waiting for a waiter": nobody has come to them yet
    running: str  # "1 table" "ordering": its view runs
    waiting: str  # "1 table" "with its order in the kitchen"
    ready: str  # "1 table" "whose dish is ready": finished, and not brought yet
    done: str  # "2 tables" "served"
