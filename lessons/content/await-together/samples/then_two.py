import asyncio

from django.http import JsonResponse

from lessons.lab.fetch_async import fetch_data


async def find(what, customer):
    return f'{what} of {customer}: {await fetch_data()}'


async def view(request):
    customer = await fetch_data()
    first, second = await asyncio.gather(
        find('orders', customer),
        find('invoices', customer),
    )
    return JsonResponse({'data': [first, second]})
