"""Who asks, whether they may, and what every answer carries."""
