"""What is said about a stream, and how it is written."""
