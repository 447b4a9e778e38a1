"""No table with a learner's name is forgotten when a learner is."""

from django.apps import apps
from django.db import models
from django.test.utils import isolate_apps

from lessons.learning.records import record_models
from lessons.models import AnswerStatistics, ArchivedRun, LearnerRecord


def test_a_new_table_of_learners_is_known_at_once():
    with isolate_apps("lessons") as isolated:
        assert isolated

        class Note(LearnerRecord):
            text = models.CharField(max_length=9)

            class Meta:
                app_label = "lessons"

        assert record_models(isolated) == (Note,)


def test_every_table_with_a_learner_in_it_is_one_of_them_or_the_archive():
    named = {each for each in apps.get_models() if any(field.name == "learner" for field in each._meta.fields)}

    assert named - {ArchivedRun, AnswerStatistics} == set(record_models())
