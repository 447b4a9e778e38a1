import asyncio

from django.http import JsonResponse

from lessons.lab.fetch_sync import fetch_data


async def find():
    return fetch_data()


async def view(request):
    first, second = await asyncio.gather(find(), find())
    return JsonResponse({'data': [first, second]})
