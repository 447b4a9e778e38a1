"""From pressing Send to the first event of the run on the page, warm."""

from statistics import quantiles

from bench.page import opened

RUNS = 20


def main() -> None:
    first: list[float] = []
    answered: list[float] = []
    with opened() as stage:
        stage.run(2, 0.1, 1)  # warm
        for _ in range(RUNS):
            seen = stage.run(2, 0.1, 1)
            started, received = (
                next(each for each in seen.events if each.kind == kind) for kind in ("run.started", "request.received")
            )
            first.append((seen.painted(started) - seen.pressed) * 1000)
            answered.append((seen.painted(received) - seen.pressed) * 1000)
    print(f"press to painted, {RUNS} warm runs")
    for name, values, goal in (
        ("first event of the run", first, "   goal p50 <= 150 ms"),
        ("first request in a server", answered, ""),
    ):
        cuts = quantiles(values, n=20)
        print(f"  {name:26} p50 {cuts[9]:6.1f} ms  p95 {cuts[18]:6.1f} ms{goal}")


if __name__ == "__main__":
    main()
