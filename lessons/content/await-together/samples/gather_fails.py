import asyncio

from django.http import JsonResponse

from lessons.lab.fetch_async import fetch_data


async def ask(connection, times=1):
    async with connection:
        return await fetch_data(times)


async def find_stock():
    await fetch_data()
    raise OSError('the stock service is down')


async def view(request):
    connection = asyncio.Lock()
    try:
        data = await asyncio.gather(
            ask(connection, times=2),
            find_stock(),
        )
    except OSError:
        data = await ask(connection)
    return JsonResponse({'data': data})
