from django.http import JsonResponse

from lessons.lab.fetch_sync import fetch_data


async def view(request):
    data = fetch_data()
    return JsonResponse({'data': data})
