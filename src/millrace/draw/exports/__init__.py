"""Designed streams in the languages of other tools: Mermaid, BPMN."""
