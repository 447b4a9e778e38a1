"""For a process of its own on a database of its own: many posts at the same moment. `main` prints JSON.

Each race gives the rows that are stored in the end, and what was refused or went wrong, by its name.
"""

import json
import threading
from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any

from django.core.management import call_command
from django.db import connection

from lessons.errors import Refused
from lessons.learning import challenges, flashcards, progress, projects, quiz
from lessons.learning.flashcards import RATINGS, Grade
from lessons.learning.grading import Choice
from lessons.learning.records import record_models
from lessons.models import Answer, Badge, CardState, ProjectCode, Share, Visit
from lessons.runs import shares
from tests.learning.small import lesson

SMALL = lesson()
AT_ONCE = 6
NAMES = [f"racing-learner-{number}" for number in range(12)]
Post = Callable[[], object]


def race(posts: list[Post]) -> dict[str, int]:
    """All at once, each in a thread with a connection of its own, as the site does; what they raised."""
    barrier = threading.Barrier(len(posts))
    raised: Counter[str] = Counter()

    def run(post: Post) -> None:
        try:
            barrier.wait()
            post()
        except Refused as refused:
            raised[refused.code] += 1
        except Exception as error:
            raised[f"{type(error).__name__}: {error}"] += 1
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(post,)) for post in posts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return dict(raised)


def double_posts() -> dict[str, Any]:
    """The same answer, many times."""
    raised = race([partial(quiz.answer_quiz, NAMES[0], SMALL, "first", Choice(1, 0))] * AT_ONCE)
    return {"rows": Answer.objects.filter(learner=NAMES[0]).count(), "raised": raised}


def one_attempt_for_three_answers() -> dict[str, Any]:
    """Whatever came first is the answer."""
    raised = race([partial(quiz.answer_quiz, NAMES[1], SMALL, "first", Choice(1, option)) for option in (0, 1, 2)])
    return {"rows": Answer.objects.filter(learner=NAMES[1]).count(), "raised": raised}


def first_grades() -> dict[str, Any]:
    """A card never seen, graded many times alike; and when it is due, four times differently."""
    raised = race([partial(flashcards.grade_card, NAMES[2], SMALL, "front", Grade("good", 0))] * AT_ONCE)
    due = CardState.objects.get(learner=NAMES[2]).due
    raised |= race(
        [partial(flashcards.grade_card, NAMES[2], SMALL, "front", Grade(rating, 1), due) for rating in RATINGS]
    )
    reviews = CardState.objects.filter(learner=NAMES[2]).values_list("reviews", flat=True)
    return {"rows": list(reviews), "raised": raised}


def last_two_problems() -> dict[str, Any]:
    """Two browser tabs finish the challenge at the same moment: each time there is one badge."""
    raised: dict[str, int] = {}
    for name in NAMES:
        last = (("choice", Choice(1, 1)), ("number", Choice(1, number=2.0)))
        raised |= race([partial(challenges.answer_problem, name, SMALL, id, choice) for id, choice in last])
    return {"rows": Badge.objects.count(), "raised": raised}


def code_and_visits() -> dict[str, Any]:
    """Saving and opening, many times."""
    raised = race([partial(projects.submit_code, NAMES[3], SMALL, "view", "def view(request): pass")] * AT_ONCE)
    raised |= race([partial(progress.record_visit, NAMES[3], SMALL, "learn")] * AT_ONCE)
    return {"rows": ProjectCode.objects.count() + Visit.objects.count(), "raised": raised}


def start_over_meanwhile() -> dict[str, Any]:
    """Answers that arrive while all is forgotten: what was there before is gone, and one who then answers is heard."""
    name = NAMES[4]
    quiz.answer_quiz(name, SMALL, "first", Choice(1, 0))
    flashcards.grade_card(name, SMALL, "front", Grade("good", 0))
    progress.record_visit(name, SMALL, "learn")
    answer = partial(quiz.answer_quiz, name, SMALL, "second", Choice(1, 0))
    raised = race([partial(progress.forget_progress, name, SMALL)] * 3 + [answer] * 3)
    raised |= race([answer])
    left = {model.__name__: model._default_manager.filter(learner=name).count() for model in record_models()}
    items = Answer.objects.filter(learner=name).values_list("item", flat=True)
    return {"rows": {model: count for model, count in left.items() if count}, "items": list(items), "raised": raised}


def shares_of_one_moment() -> dict[str, Any]:
    """Many viewers of a run share the same moment of it."""
    keys: set[str] = set()
    raised = race([lambda: keys.add(shares.create_share("run", SMALL.slug, 7, "lane", 1).key)] * AT_ONCE)
    return {"rows": [len(keys), Share.objects.count()], "raised": raised}


def main() -> None:
    call_command("migrate", verbosity=0)
    races = (
        double_posts,
        one_attempt_for_three_answers,
        first_grades,
        last_two_problems,
        code_and_visits,
        shares_of_one_moment,
    )
    print(json.dumps({each.__name__: each() for each in (*races, start_over_meanwhile)}))
