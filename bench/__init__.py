"""What the product's speed is measured with; see `__main__`."""
