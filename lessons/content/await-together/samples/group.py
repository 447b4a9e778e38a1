import asyncio

from django.http import JsonResponse

from lessons.lab.fetch_async import fetch_data


async def view(request):
    async with asyncio.TaskGroup() as group:
        one = group.create_task(fetch_data())
        two = group.create_task(fetch_data())
    first, second = one.result(), two.result()
    return JsonResponse({'data': [first, second]})
