import asyncio

from django.http import HttpResponse

WAIT_TIME = 3


async def view(request):
    await asyncio.sleep(WAIT_TIME)
    return HttpResponse('Done waiting!')
