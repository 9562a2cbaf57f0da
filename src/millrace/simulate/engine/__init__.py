"""The engine: discrete events, compiled, from a simulated stream to the phases that its items go through."""
