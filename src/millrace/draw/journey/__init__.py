"""The journey of one item: who had it when, waiting or at work, record by record."""
