from asyncio import gather

from asgiref.sync import sync_to_async
from django.http import JsonResponse

from lessons.lab.fetch_sync import fetch_data


async def view(request):
    fetch = sync_to_async(fetch_data)
    data = await gather(fetch(), fetch())
    return JsonResponse({'data': data})
