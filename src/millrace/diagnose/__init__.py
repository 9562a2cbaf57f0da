"""What is wrong, with the evidence."""
