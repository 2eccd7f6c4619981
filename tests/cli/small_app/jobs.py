import threading

from guanxi.jobs.registry import job


@job("small.count", lane="bulk")
def count(run, *, upto):
    """Saves the cursor 1, 2, 3 ... `upto`, twenty a second."""
    start = run.cursor or 0
    for number in range(start + 1, upto + 1):
        run.safe_point()
        run.save_cursor(number, done=number, total=upto)
        threading.Event().wait(0.05)
    return {"began_at": start}
