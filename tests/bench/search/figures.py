"""What is made of the times: percentiles of a round, ratios of rounds, their spread."""

from statistics import median


def quantile(values, share):
    """Return the value at a share 0–1 of the sorted values, the nearest rank."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def spread(values):
    """Return median, least and most."""
    return {"median": median(values), "min": min(values), "max": max(values)}


def ratios(theirs, ours):
    """Return the spread of one peer's figure over ours, paired by round."""
    return spread([their / our for their, our in zip(theirs, ours, strict=True)])
