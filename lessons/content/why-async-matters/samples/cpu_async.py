import time

from django.http import JsonResponse


async def view(request):
    data = crunch()
    return JsonResponse({'data': data})


def crunch():
    """Compute until this thread has used 0.2 s of the processor."""
    start = time.thread_time()
    while time.thread_time() - start < 0.2:
        pass
    return 'Computed value'
