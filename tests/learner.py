"""A visitor who has done everything that a lesson offers, and what the rows of it are called."""

import re
from typing import Final

from lessons.content.model import Lesson
from tests.visiting import LESSON, Visitor

LANE: Final = "async@daphne"


class Learner:
    """Somebody who leaves every kind of row on a site, and what those are called."""

    def __init__(self, visitor: Visitor, lesson: Lesson) -> None:
        self.visitor = visitor
        self.lesson = lesson
        teaching = lesson.teaching
        assert teaching.project
        assert teaching.review
        self._problem = next(each for each in teaching.problems if each.options)
        self._step = teaching.project.steps[0]
        assert teaching.path
        first = teaching.path.steps[0].example
        turned, self._card, *_ = (each.id for each in teaching.review.cards if first in each.after)
        self.names = {
            "slug": lesson.slug,
            "mode": "learn",
            "question": teaching.quiz[0].id,
            "task": teaching.tasks[0].id,
            "problem": self._problem.id,
            "step": self._step.id,
            "example": first,
            "analogy": teaching.analogies[0].id,
            "card": turned,  # not graded, so it can be turned
            "prompt": teaching.review.explain[0].id,
            "other": f"recorded-{lesson.slug}",
            "name": "stage.svg",
        }

    def leave_rows(self) -> None:
        names, choice = self.names, {"attempt": 1, "option": 0}
        self.visitor.get(LESSON)
        self._post("visits/try/")
        self._post(f"quiz/{names['question']}/", **choice)
        self._post(f"try/{names['task']}/", **choice)
        wrong = [index for index, option in enumerate(self._problem.options) if not option.right]
        for attempt, option in enumerate(wrong[:2], 1):
            self._post(f"challenge/{names['problem']}/", attempt=attempt, option=option, confidence="4")
        test = {f"answer-{number}": "0" for number in range(1, 11)}
        assert self.visitor.post(f"{LESSON}test/grade/", {"seed": 7, **test}, LESSON).status == 302
        self._post(f"project/{names['step']}/", code=self.lesson.sample(self._step.solution).source)
        self._post(f"project/{names['step']}/run/")
        self._post(f"examples/{names['example']}/answer/")  # the cards come up after it
        self._post(f"review/cards/{self._card}/grade/", rating="good", reviews=0)
        self._post(f"review/explain/{names['prompt']}/", text="in my own words")
        sent = self._post("runs/", requests=1, wait=0.1, workers=1, lanes=LANE)
        names["run"] = self._found(r"/runs/([\w-]+)/", sent)
        shared = self._post(f"runs/{names['run']}/share/", cursor=1, lane=LANE, request=1)
        names["key"] = self._found(r"/s/([\w-]{11})/", shared)
        measured = self._post("performance/measurements/")
        names["measurement"] = self._found(r"measurement=([\w-]+)", measured)
        self._post(f"performance/measurements/{names['measurement']}/cancel/")

    def _post(self, path: str, **form: object) -> str:
        answer = self.visitor.post(f"{LESSON}{path}", form, LESSON, **{"HX-Request": "true"})
        assert answer.status < 400, (path, answer.status)
        return f"{dict(answer.headers)} {answer.text}"

    @staticmethod
    def _found(pattern: str, text: str) -> str:
        match = re.search(pattern, text)
        assert match, (pattern, text)
        return match[1]
