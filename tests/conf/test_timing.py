import re

from django.db import connection
from django.http import HttpResponse

from guanxi.conf.timing import timed


def test_the_header_tells_time_and_number_of_statements(db, rf):
    def answer(request):
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.execute("SELECT 2")
        return HttpResponse("ok")

    header = timed(answer)(rf.get("/"))["Server-Timing"]
    found = re.fullmatch(r'total;dur=([\d.]+), work;dur=([\d.]+), db;dur=([\d.]+);desc="2"', header)
    assert found
    assert float(found[3]) <= float(found[1])
