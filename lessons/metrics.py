"""What this process counts, for whoever operates the site: read at `/metrics`. Times are seconds."""

from typing import Final

from prometheus_client import Counter, Gauge, Histogram

LATENCIES: Final = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)
DURATIONS: Final = (0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 30.0, 60.0, 120.0, 300.0)

RUNS: Final = Counter("lesson_runs", "Runs that have ended", ["lesson", "outcome"])
RUN_SECONDS: Final = Histogram("lesson_run_seconds", "From a run's start to its end", buckets=DURATIONS)
QUEUE_SECONDS: Final = Histogram("lesson_queue_seconds", "From the press to the run's start", buckets=DURATIONS)
RUNS_GOING: Final = Gauge("lesson_runs_going", "Runs under way")
RUNS_WAITING: Final = Gauge("lesson_runs_waiting", "Runs that wait for their turn")
RUNS_DISTURBED: Final = Counter("lesson_runs_disturbed", "Runs that a busy machine has spoilt")
EVENTS: Final = Counter("lesson_events", "Events of runs that were written into the event log")
SERVER_STARTS: Final = Counter("lesson_process_starts", "Server processes of runs that were started", ["server"])
PROCESS_DEATHS: Final = Counter(
    "lesson_process_deaths", "Processes of runs that died before their work was done", ["process"]
)
VIEWERS: Final = Gauge("lesson_viewers", "Links over which a run is watched")
FRAMES: Final = Counter("lesson_frames", "Frames that were sent to viewers")
FACT_AGE: Final = Histogram(
    "lesson_fact_age_seconds", "From what happened last in a run to the frame that tells it", buckets=LATENCIES
)
REFUSALS: Final = Counter("lesson_refusals", "Requests that were refused with a sentence", ["reason"])
