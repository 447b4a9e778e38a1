"""What every template may ask for."""

from django.http import HttpRequest


def theme_context(request: HttpRequest) -> dict[str, str]:
    """The theme the learner chose with the switch; "" follows the system."""
    chosen = request.COOKIES.get("theme", "")
    return {"theme": chosen if chosen in ("light", "dark") else ""}
