from django.http import JsonResponse

from lessons.lab.fetch_async import fetch_data


async def view(request):
    one, two = fetch_data(), fetch_data()
    first = await one
    second = await two
    return JsonResponse({'data': [first, second]})
