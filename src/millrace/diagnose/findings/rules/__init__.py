"""Rules of one's own: findings that a user defines in a YAML file."""
