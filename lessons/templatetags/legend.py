"""What colours and patterns mean, for the templates that draw with them."""

from django import template

from lessons.stage.legend import LEGEND, PATTERN_TILES, LegendEntry, PatternTile

register = template.Library()


@register.simple_tag
def legend_entries() -> tuple[LegendEntry, ...]:
    """The states in their order."""
    return LEGEND


@register.simple_tag
def pattern_tiles() -> tuple[PatternTile, ...]:
    """The tiles of the patterns."""
    return PATTERN_TILES
