"""What will become of open work, told by the log's own past and by simulation."""
