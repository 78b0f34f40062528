"""The deployed functions: one public module each, adapters in underscore modules."""
