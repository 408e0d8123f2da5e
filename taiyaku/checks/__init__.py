"""Paired texts become findings: references, facts, consistency, freshness, staleness."""
