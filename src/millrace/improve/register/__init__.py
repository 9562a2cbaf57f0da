"""The register of improvements: the states of an improvement, where it stands in the seven steps, its actions."""
