"""Pages, one module each: a context class that says what the page shows, and the routes that show it."""
