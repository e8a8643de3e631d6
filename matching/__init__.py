"""Who fits whom: demands, search, the fit score and what is built on it. May import `catalog`, nothing above it."""
