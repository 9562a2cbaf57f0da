"""The workspace: a folder of logs and flows, written whole or not at all."""
