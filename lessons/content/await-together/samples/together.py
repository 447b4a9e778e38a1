import asyncio

from django.http import JsonResponse

from lessons.lab.fetch_async import fetch_data


async def view(request):
    both = asyncio.gather(fetch_data(), fetch_data())
    first, second = await both
    return JsonResponse({'data': [first, second]})
