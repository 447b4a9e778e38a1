"""Forms that start something."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from lessons.runs.presses import FIELD, new_press_key

register = template.Library()


@register.simple_tag
def press_key() -> SafeString:
    """A hidden field by which the same form, sent twice, starts one thing."""
    return format_html('<input type="hidden" name="{}" value="{}">', FIELD, new_press_key())
