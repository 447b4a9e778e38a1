from django.http import JsonResponse

from lessons.lab.fetch_async import fetch_data


async def view(request):
    data = await fetch_data(at_once=5)
    return JsonResponse({'data': data})
