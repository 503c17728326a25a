"""Did you mean: the nearest of the names that would have been right."""

from __future__ import annotations

from collections.abc import Iterable


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`did you mean 'metrics'?`, or empty when nothing is near."""
    from difflib import get_close_matches

    names = sorted(set(known))
    near = get_close_matches(word, names, n=1, cutoff=0.6) or get_close_matches(word.lower(), names, n=1, cutoff=0.7)
    return f"did you mean '{near[0]}'?" if near else ""


def one_of(word: str, known: Iterable[str], most: int = 12) -> str:
    """A suggestion if one is near, else the names that are allowed (shortened after `most`)."""
    names = sorted(set(known))
    if near := did_you_mean(word, names):
        return near
    shown = ", ".join(names[:most])
    return f"expected one of: {shown}" + (f", … ({len(names)} in all)" if len(names) > most else "")
