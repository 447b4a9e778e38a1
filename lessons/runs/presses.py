"""One press of a button starts one thing, however often and through however many web processes it arrives."""

from dataclasses import dataclass
from hashlib import sha256
from secrets import token_urlsafe
from typing import Final

FIELD: Final = "press"  # of a form that starts something: the key by which it is known again


@dataclass(frozen=True, slots=True)
class Press:
    """A press that starts something, as the event log knows it."""

    name: str  # says nothing of who pressed what
    seconds: float  # for which it is remembered what it has started

    @classmethod
    def of(cls, seconds: float, *parts: object) -> "Press":
        """Two presses with equal parts are the same press."""
        return cls(sha256(repr(parts).encode(errors="replace")).hexdigest(), seconds)


def new_press_key() -> str:
    """A key for a form, which nobody can guess."""
    return token_urlsafe(12)
