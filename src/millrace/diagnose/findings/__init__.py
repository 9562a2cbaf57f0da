"""Findings: claims about where time goes to waste, each with its evidence, ranked by what is at stake."""
