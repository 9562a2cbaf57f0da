"""Frameworks as data: their activities, practices and principles, and the terms that lead to them."""
