"""What is on offer: organizations, sites, listings, evidence, validation. The ground floor of all packages."""
