"""Figures as words in templates: the filters are the functions of `lessons.stage.wording`."""

from django import template

from lessons.stage import wording

register = template.Library()
register.filter("seconds", wording.seconds)
register.filter("milliseconds", wording.milliseconds)
register.filter("span", wording.span)
