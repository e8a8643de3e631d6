"""What is on offer: organizations, sites, listings, evidence, validation. The ground floor: imports no other package."""
