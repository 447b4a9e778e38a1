"""The content's texts in templates: Markdown as safe HTML."""

from django import template

from lessons.rendering import markdown

register = template.Library()
register.filter("markdown", markdown.render_block)
