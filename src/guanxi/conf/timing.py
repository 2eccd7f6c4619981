"""Tells in the header Server-Timing what an answer took; on with GUANXI_TIMING=1, for benches."""

import time
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse

Answer = Callable[[HttpRequest], HttpResponse]


def timed(get_response: Answer) -> Answer:
    """`total`: the answer; `work`: this thread's own time; `db`: in statements, their number as
    description. Milliseconds."""

    def middleware(request: HttpRequest) -> HttpResponse:
        spans: list[float] = []
        began, busy = time.perf_counter(), time.thread_time()
        with connection.execute_wrapper(_noting(spans)):
            response = get_response(request)
        total, work = time.perf_counter() - began, time.thread_time() - busy
        response["Server-Timing"] = (
            f"total;dur={total * 1000:.2f}, work;dur={work * 1000:.2f}, "
            f'db;dur={sum(spans) * 1000:.2f};desc="{len(spans)}"'
        )
        return response

    return middleware


def _noting(spans: list[float]) -> Callable[..., Any]:
    def wrapper(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        start = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            spans.append(time.perf_counter() - start)

    return wrapper
