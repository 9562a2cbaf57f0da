"""Why it is slow: which values of what is known at demand go with delay, rework or breach, and how sure that is."""
