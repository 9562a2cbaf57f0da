"""The workbench in the browser, and the REST API: parse, call the workbench, show."""
