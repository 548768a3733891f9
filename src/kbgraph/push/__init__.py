"""Publishing to triple stores over HTTP, and reading back what was published.

A dataset travels as named graphs: `profiles` knows the stores, `plan` what has to travel, `sending`
sends it, `ledger` keeps in the store what has arrived, `verifying` counts it, and `pulling` fetches
it. All of them speak through `http`, with what `credentials` found.
"""

from __future__ import annotations

__all__: list[str] = []
