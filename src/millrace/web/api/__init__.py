"""The REST API: the workbench's results for programs, with the names that pages and commands use."""
