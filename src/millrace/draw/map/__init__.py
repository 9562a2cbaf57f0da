"""The parts of the value stream map: each measures itself, is given its place, and draws itself."""
