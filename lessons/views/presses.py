"""How a press of a button is known again, when it arrives twice: a double click, or an answer that was lost on its way.

A script makes up a key for each press and sends it along when it tries again, in the header `Idempotency-Key`. Without
scripts it is the key that was rendered into the form, which lasts only as long as a double click may take: whoever
comes back to the page later and presses again means it.
"""

import re
from typing import Final

from django.http import HttpRequest

from lessons import identity
from lessons.runs.presses import FIELD, Press

HEADER: Final = "Idempotency-Key"  # sent by static/js/busy.js
KEY: Final = re.compile(r"[A-Za-z0-9_-]{16,64}", re.ASCII)
OF_A_FORM, OF_A_SCRIPT = 20.0, 600.0  # seconds for which a key is known again
ASIDE: Final = (FIELD, "csrfmiddlewaretoken")  # fields that say nothing of what is wanted


def find_press(request: HttpRequest) -> Press | None:
    """The press behind a POST; None when it brings no key. With other wishes, or of somebody else, it is another."""
    by_script = request.headers.get(HEADER, "")
    key = by_script or request.POST.get(FIELD, "")
    if not KEY.fullmatch(key):
        return None
    wishes = sorted((name, values) for name, values in request.POST.lists() if name not in ASIDE)
    return Press.of(OF_A_SCRIPT if by_script else OF_A_FORM, identity.learner_name(request), request.path, key, wishes)
