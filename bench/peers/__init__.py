"""Beside other tools: these live in an environment of their own and are no dependencies of the product."""
