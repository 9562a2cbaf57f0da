"""The heart: spans and visits cut from a log, and the measures made of them."""
