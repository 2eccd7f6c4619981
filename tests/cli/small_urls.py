import os

from django.http import HttpResponse
from django.urls import path


def process_number(_request):
    return HttpResponse(str(os.getpid()))


urlpatterns = [path("", process_number)]
