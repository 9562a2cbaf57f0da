"""Results to pictures: one theme, one map renderer, charts."""
