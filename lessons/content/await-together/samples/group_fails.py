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
        async with asyncio.TaskGroup() as group:
            price = group.create_task(ask(connection, times=2))
            stock = group.create_task(find_stock())
        data = [price.result(), stock.result()]
    except* OSError:
        data = await ask(connection)
    return JsonResponse({'data': data})
