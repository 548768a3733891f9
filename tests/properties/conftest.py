"""How long properties are looked for, and that the same examples are tried on every run."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

settings.register_profile(
    "kbgraph", deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("kbgraph")
