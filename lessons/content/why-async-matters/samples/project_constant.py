from django.http import HttpResponse

WAIT_TIME = 3


def view(request):
    return HttpResponse('Hello')
