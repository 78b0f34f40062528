"""Triggers: pure models of when the platform calls a function with what."""
