import asyncio

from django.http import JsonResponse

from lessons.lab.fetch_async import fetch_data


async def view(request):
    first, second = await asyncio.gather(fetch_data(), fetch_data(times=2))
    return JsonResponse({'data': [first, second]})
