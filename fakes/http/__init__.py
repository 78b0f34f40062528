"""What of the local cloud speaks HTTP: skins around models, as ASGI applications."""
