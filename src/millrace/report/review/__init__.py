"""What is said of a stream week by week and in its review, and how that is written."""
