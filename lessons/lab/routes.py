"""The lane server's URL configuration: one sample at one address, put here by the lane at start-up."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
