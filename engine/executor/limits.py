"""Does the number of matches stay within the policy's limits? Checked after judging, before anything is changed."""

from __future__ import annotations

from engine.lang.syntax import Limits


def exceeded(limits: Limits | None, matched: int, population: int) -> str:
    """Why the limits forbid acting, or empty.

    `amount` is exceeded by more matches than it; `percent` by more than that share of the population (strictly: 5 of
    10 stay within 50). With `op: and` both must be exceeded.
    """
    if limits is None:
        return ""
    told = []
    if limits.amount is not None:
        over = matched > limits.amount
        told.append((over, f"{matched} matched, max-resources is {limits.amount}"))
    if limits.percent:
        over = matched > population * limits.percent / 100
        told.append((over, f"{matched} of {population} matched, max-resources-percent is {limits.percent:g}"))
    if not told:
        return ""
    hit = all(over for over, _ in told) if limits.op == "and" else any(over for over, _ in told)
    return "; ".join(text for over, text in told if over) if hit else ""
