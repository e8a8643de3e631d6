"""What is on offer: organizations, sites, listings, evidence, validation. The ground floor; imports none of the other packages."""
