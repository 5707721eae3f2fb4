"""Figures for Prometheus, few and cheap: counters are fed by the parts, gauges are read at each request."""

from collections.abc import Awaitable, Callable, Iterator, Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, generate_latest
from prometheus_client.core import CounterMetricFamily
from prometheus_client.registry import Collector

JobCounts = Callable[[], Awaitable[Mapping[str, int]]]


class _Totals(Collector):
    """Running totals that their owners count."""

    def __init__(self, counters: Mapping[str, Callable[[], int]]) -> None:
        self._counters = dict(counters)

    def collect(self) -> Iterator[CounterMetricFamily]:
        for name, read in self._counters.items():
            yield CounterMetricFamily(f"easel_{name}", f"Since the start: {name.replace('_', ' ')}.", value=read())


class Metrics:
    """One registry per process object, not the library's global one: tests run side by side."""

    def __init__(self, *, jobs: JobCounts, counters: Mapping[str, Callable[[], int]]) -> None:
        """`jobs` counts unfinished jobs by state; `counters` are running totals by name, like telegram_floods."""
        self.registry = CollectorRegistry()
        self._jobs = jobs
        self._job_gauge = Gauge("easel_jobs", "Unfinished jobs by state.", ["state"], registry=self.registry)
        self._problems = Gauge(
            "easel_ledger_problems", "Rules of the ledger found broken at the last check.", registry=self.registry
        )
        self._problems.set(-1)  # not checked yet: not to be mistaken for clean
        self._outcomes = Counter(
            "easel_provider_outcomes", "Ends of provider runs.", ["provider", "outcome"], registry=self.registry
        )
        self.registry.register(_Totals(counters))

    def ledger_checked(self, problems: int) -> None:
        """The number of broken rules that a check of the ledger found."""
        self._problems.set(problems)

    def outcome(self, provider: str, outcome: str) -> None:
        """One provider run ended: "done" or a cause of failure, never upstream's words."""
        self._outcomes.labels(provider, outcome).inc()

    async def page(self) -> bytes:
        """The text that Prometheus reads."""
        counts = await self._jobs()
        self._job_gauge.clear()
        for state, number in counts.items():
            self._job_gauge.labels(state).set(number)
        return generate_latest(self.registry)
