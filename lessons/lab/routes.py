"""The lane server's URL configuration: one sample at one address, put here by the lane at start-up."""

from typing import Any

urlpatterns: list[Any] = []  # of Django's URL patterns
