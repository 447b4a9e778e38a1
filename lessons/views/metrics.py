"""`/metrics`: what this process has counted, in Prometheus' text format. For the operator alone."""

from contextlib import suppress

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from lessons import metrics
from lessons.log.protocol import LogUnavailable
from lessons.runs.service import run_service


@require_safe
async def show_metrics(request: HttpRequest) -> HttpResponse:
    """404 unless METRICS is on."""
    if not settings.METRICS:
        raise Http404
    with suppress(LogUnavailable):
        load = await run_service().labs.load()
        metrics.RUNS_GOING.set(load.going)
        metrics.RUNS_WAITING.set(load.waiting)
    response = HttpResponse(generate_latest(), CONTENT_TYPE_LATEST)
    response["Cache-Control"] = "no-store"
    return response
