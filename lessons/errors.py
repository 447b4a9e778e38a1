"""What a learner may not do, told with a stable code."""

import re
from typing import Final

LEARNER: Final = re.compile(r"[A-Za-z0-9_-]{16,64}")  # as `identity.new_learner` makes them; no longer than a column


class Refused(Exception):
    """Nothing was stored. `code` is for programs and never changes, `message` is a sentence for the learner.

    Codes: "learner" (no name, or none of ours), "unknown" (no such question, task, problem, step, card or mode),
    "malformed" (a field is missing or no number), "option" (no such option, or no number where one is asked for),
    "out-of-turn" (not the next attempt, step or review), "repeated" (this attempt was used for another answer),
    "tried" (the same answer as in an attempt before), "settled" (right already, or no attempt left), "not-due"
    (a card), "too-long" (code), "too-many" (moments of a run).
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message


def require_learner(learner: str) -> None:
    """Raises `Refused("learner")` unless this can be the name of a learner."""
    if not LEARNER.fullmatch(learner):
        raise Refused("learner", "This browser is not known to the site yet. Reload the page and try again.")
