"""Search: analyser, documents and queries (pure), the engine protocol, and the engines behind it."""
