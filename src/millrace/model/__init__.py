"""What the product talks about: value streams, steps, calendars, states; plain values, YAML in and out."""
