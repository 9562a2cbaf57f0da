"""Logs of an invented service desk: healthy ones, and ones with a waste planted, to see whether it is found."""
