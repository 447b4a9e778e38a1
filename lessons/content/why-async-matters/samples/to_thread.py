from asgiref.sync import sync_to_async
from django.http import JsonResponse

from lessons.lab.fetch_sync import fetch_data


async def view(request):
    data = await sync_to_async(fetch_data)()
    return JsonResponse({'data': data})
