"""Acts that need more than one package: each function is one such act, shared by pages and API."""
