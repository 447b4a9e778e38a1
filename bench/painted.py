"""From an event to its picture: two lanes of 100 requests in a real Chromium on the same machine."""

from statistics import quantiles

from bench.page import opened

RUNS = 3


def main() -> None:
    latencies: list[float] = []
    tasks: list[float] = []
    with opened() as stage:
        stage.run(1, 0.1, 1)  # warm
        for _ in range(RUNS):
            seen = stage.run(100, 1.0, 16)
            latencies += seen.latencies()
            tasks += seen.tasks
    cuts = quantiles(latencies, n=100)
    print(f"event to painted, {len(latencies)} events of {RUNS} runs of 2 x 100 requests")
    print(f"  p50 {cuts[49]:6.1f} ms   goal <= 30 ms")
    print(f"  p99 {cuts[98]:6.1f} ms   goal <= 100 ms")
    print(f"  long tasks in the page: {len(tasks)}, longest {max(tasks, default=0):.0f} ms   goal none of 50 ms")


if __name__ == "__main__":
    main()
