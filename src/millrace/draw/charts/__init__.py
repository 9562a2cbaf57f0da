"""Charts: one module per drawing, each with one verb that turns a measured result into a `Chart`."""
