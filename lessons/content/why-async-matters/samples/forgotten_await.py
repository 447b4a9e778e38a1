from django.http import HttpResponse

from lessons.lab.fetch_async import fetch_data


async def view(request):
    data = fetch_data()
    return HttpResponse(data)
