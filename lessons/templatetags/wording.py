"""Figures as words in templates: the filters are the functions of `lessons.stage.wording`."""

from django import template

from lessons.stage import wording

register = template.Library()
register.filter("seconds", wording.seconds_text)
register.filter("milliseconds", wording.milliseconds_text)
register.filter("span", wording.span_text)
register.filter("in_words", wording.number_word)
