"""What learners have done. Learners are random names out of a signed cookie; nothing personal is kept.

Lessons, questions, cards and steps are known by their ids in the content, which may change: rows whose id is gone stay
and are not looked at.
"""

from typing import Final

from django.db import models
from django.utils import timezone

from lessons.content.code_checks import MAX_CODE

MAX_ATTEMPTS: Final = 6  # of one item: a question has at most six options


class LearnerRecord(models.Model):
    """Who, and in which lesson."""

    learner = models.CharField(max_length=64)
    lesson = models.SlugField(max_length=63, db_index=False)
    at = models.DateTimeField(default=timezone.now)  # of the latest change

    class Meta:
        abstract = True


class Answer(LearnerRecord):
    """One attempt at one question, task or problem: an option or a number. Never changed."""

    class Group(models.TextChoices):
        """What was answered."""

        QUIZ = "quiz", "Quiz"
        TASK = "task", "Try"
        PROBLEM = "problem", "Challenge"
        QUESTION = "question", "Review"
        EXPLAIN = "explain", "Review: explain"  # option 0: the learner's own words were compared with the model answer

    group = models.CharField(max_length=8, choices=Group)
    item = models.CharField(max_length=63)  # id within the group
    attempt = models.PositiveSmallIntegerField()  # from 1
    option = models.PositiveSmallIntegerField(null=True, blank=True)  # index, from 0
    number = models.FloatField(null=True, blank=True)  # seconds
    right = models.BooleanField()
    seed = models.PositiveSmallIntegerField(null=True, blank=True)  # of the numbers that were drawn, if any were
    confidence = models.PositiveSmallIntegerField(null=True, blank=True)  # 1 (a guess) to 4 (certain), if it was said

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["learner", "lesson", "group", "item", "attempt"], name="one_answer_per_attempt"
            ),
            models.CheckConstraint(condition=models.Q(attempt__range=(1, MAX_ATTEMPTS)), name="attempt_in_range"),
            models.CheckConstraint(
                condition=models.Q(option__isnull=True) ^ models.Q(number__isnull=True), name="option_or_number"
            ),
        ]
        indexes = [models.Index(fields=["lesson", "group", "item", "option"], name="chosen_options")]

    def __str__(self) -> str:
        return f"{self.lesson} {self.group} {self.item} #{self.attempt}"


class AnswerStatistics(Answer):
    """Answers, counted by option; for the admin only."""

    class Meta:
        proxy = True
        verbose_name = "chosen option"
        verbose_name_plural = "what was chosen"


class Visit(LearnerRecord):
    """A mode the learner has opened."""

    mode = models.CharField(max_length=16)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["learner", "lesson", "mode"], name="one_visit_per_mode")]

    def __str__(self) -> str:
        return f"{self.lesson} {self.mode}"


class CardState(LearnerRecord):
    """How well the learner remembers a card."""

    card = models.CharField(max_length=63)
    state = models.JSONField()  # of FSRS, as its `Card.to_dict()` gives it
    due = models.DateTimeField()
    reviews = models.PositiveIntegerField()  # how often it was graded
    rating = models.PositiveSmallIntegerField()  # the latest, 1 (again) to 4 (easy)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["learner", "lesson", "card"], name="one_state_per_card")]

    def __str__(self) -> str:
        return f"{self.lesson} {self.card} due {self.due:%Y-%m-%d %H:%M}"


class Badge(LearnerRecord):
    """Something to be proud of."""

    name = models.CharField(max_length=32)  # "challenge"

    class Meta:
        constraints = [models.UniqueConstraint(fields=["learner", "lesson", "name"], name="one_badge_of_a_name")]

    def __str__(self) -> str:
        return f"{self.lesson} {self.name}"


class ProjectCode(LearnerRecord):
    """The learner's code of one step of the project."""

    step = models.CharField(max_length=63)
    code = models.CharField(max_length=MAX_CODE)
    passed = models.BooleanField(default=False)  # once passed, always passed

    class Meta:
        verbose_name_plural = "project code"
        constraints = [models.UniqueConstraint(fields=["learner", "lesson", "step"], name="one_code_per_step")]

    def __str__(self) -> str:
        return f"{self.lesson} {self.step}"


class ArchivedRun(models.Model):
    """A run that has ended, with every event of it."""

    run = models.CharField(max_length=64, primary_key=True)  # its name, which is in its address
    learner = models.CharField(max_length=64, blank=True)  # who sent it; "": imported
    lesson = models.SlugField(max_length=63, db_index=False)
    at = models.DateTimeField()  # when it began, by the wall clock of the machine that ran it
    archived_at = models.DateTimeField(default=timezone.now)
    outcome = models.CharField(max_length=16)  # of `run.ended`
    spec = models.JSONField()  # as `RunSpec.as_data()` gives it
    python = models.CharField(max_length=32, blank=True)
    django = models.CharField(max_length=32, blank=True)
    servers = models.JSONField(default=dict)  # lane id -> "waitress 3.0.2"
    load = models.FloatField(null=True, blank=True)  # processes that wanted to run when it began, averaged over 1 min
    cores = models.PositiveSmallIntegerField(null=True, blank=True)
    guess = models.JSONField(null=True, blank=True)  # {"lane": id, "seconds": of its total}, if one was made
    totals = models.JSONField(default=dict)  # lane id -> seconds; lanes that were not done are not in it
    count = models.PositiveIntegerField()  # events
    events = models.BinaryField()  # compressed, see lessons/runs/archive.py

    class Meta:
        indexes = [
            models.Index(fields=["learner", "lesson", "-at"], name="runs_of_a_learner"),
            models.Index(fields=["archived_at"], name="oldest_runs"),
        ]

    def __str__(self) -> str:
        return f"{self.lesson} {self.run}"


class Share(models.Model):
    """A moment of a run that somebody has given an address to."""

    key = models.CharField(max_length=16, primary_key=True)  # in its address
    run = models.CharField(max_length=80)  # may be recorded, live or archived
    lesson = models.SlugField(max_length=63, db_index=False)
    cursor = models.PositiveIntegerField()  # number of the last event that is shown
    lane = models.CharField(max_length=128)  # SAMPLE@SERVER of the pinned request
    request = models.PositiveSmallIntegerField()  # number of the pinned request
    expires = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "cursor", "lane", "request"], name="one_share_of_a_moment")
        ]

    def __str__(self) -> str:
        return f"{self.run} #{self.cursor}"


class LatestMeasurement(LearnerRecord):
    """The latest measurement of the Performance mode that a learner has started."""

    measurement = models.CharField(max_length=64)  # its name in the event log
    complete = models.BooleanField(default=False)  # has one been measured to its end, this or an earlier one?
    history = models.JSONField(null=True, blank=True)  # its events as `Event.as_record()` gives them, once it has ended

    class Meta:
        db_table = "lessons_measured"
        verbose_name_plural = "latest measurements"
        constraints = [models.UniqueConstraint(fields=["learner", "lesson"], name="one_latest_measurement")]
        indexes = [models.Index(fields=["measurement"], name="measurements_by_name")]

    def __str__(self) -> str:
        return f"{self.lesson} {self.measurement}"


class PatternTest(LearnerRecord):
    """A test of ten questions that was taken. Never changed."""

    seed = models.PositiveSmallIntegerField()  # draws the questions and their numbers
    given = models.JSONField()  # what was answered, as it was sent, question by question
    right = models.PositiveSmallIntegerField()
    total = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["learner", "lesson", "seed"], name="one_test_of_a_seed")]

    def __str__(self) -> str:
        return f"{self.lesson} {self.right} of {self.total}"


class ItemRun(LearnerRecord):
    """The latest run that showed a learner what comes of an example, a task, a problem or a step of the project."""

    class Group(models.TextChoices):
        """What was run."""

        TASK = "task", "Try"
        PROBLEM = "problem", "Challenge"
        STEP = "step", "Project"
        BUILD = "build", "Project: put together"
        EXAMPLE = "example", "Experiment"  # run "": its answer was asked for without one
        STAGE = "stage", "Uncovered"  # items "stage" and "performance": what was covered there is open

    group = models.CharField(max_length=8, choices=Group)
    item = models.CharField(max_length=63)  # id within the group
    run = models.CharField(max_length=64, blank=True)
    due = models.BooleanField(default=True)  # of an example: it counts as tried, whatever becomes of this run
    shown = models.BooleanField(default=True, db_default=True)  # likewise, its answer is due

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["learner", "lesson", "group", "item"], name="one_latest_run_of_an_item")
        ]

    def __str__(self) -> str:
        return f"{self.lesson} {self.group} {self.item} {self.run}"
