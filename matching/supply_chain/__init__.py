"""Who supplies whom: links that firms declare and confirm, the chain that follows from them, and what it says."""
