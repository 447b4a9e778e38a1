"""Figures as words. One place decides how a time, a count or a list of requests is written."""

from collections.abc import Sequence
from typing import Final

NUMBERS: Final = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven")


def seconds_text(value: float | None) -> str:
    """`1.04 s`; a dash while there is none."""
    return "–" if value is None else f"{value:.2f} s"


def milliseconds_text(value: float | None) -> str:
    """`1,001.3`: one decimal, thousands set apart, no unit; a dash while there is none."""
    return "–" if value is None else f"{value * 1000:,.1f}"


def span_text(value: float) -> str:
    """A stretch in the unit that reads best: `0.3 ms`, `976 ms`, `10.03 s`."""
    if value >= 1.9995:
        return f"{value:.2f} s"
    return f"{value * 1000:,.0f} ms" if value >= 0.0995 else f"{value * 1000:.1f} ms"


def number_word(number: int) -> str:
    """`two`, `ten`, `13`: as it is written in a sentence."""
    return NUMBERS[number] if 0 <= number < len(NUMBERS) else str(number)


def count_noun(number: int, noun: str) -> str:
    """`1 request`, `10 requests`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def arrivals(every: float) -> str:
    """How requests come: `all at once`, or `one every 0.1 s`."""
    return f"one every {every:g} s" if every else "all at once"


def all_of(number: int) -> str:
    """`its one request`, `all 10 requests`."""
    return "its one request" if number == 1 else f"all {number} requests"


def request_numbers(numbers: Sequence[int]) -> str:
    """`request #5`, `requests #1 and #2`, `requests #1 to #4`, `requests #1, #3 and 14 more`."""
    if len(numbers) == 1:
        return f"request #{numbers[0]}"
    if len(numbers) > 2 and numbers[-1] - numbers[0] == len(numbers) - 1:
        return f"requests #{numbers[0]} to #{numbers[-1]}"
    if len(numbers) > 3:
        return f"requests #{numbers[0]}, #{numbers[1]} and {len(numbers) - 2} more"
    head = ", ".join(f"#{number}" for number in numbers[:-1])
    return f"requests {head} and #{numbers[-1]}"


def choice_text(numbers: Sequence[float]) -> str:
    """`3`, `0.3 or 0.5`, `5, 7 or 9`."""
    *others, last = (f"{number:g}" for number in numbers)
    return f"{', '.join(others)} or {last}" if others else last


def join_words(words: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1]))) if words else ""
