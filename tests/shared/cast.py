"""What everybody in the tests signs in with."""

PASSWORD = "four words in a row"
