"""From thousands of offers to the cheapest, best fitting set that covers a demand and works together, with a proof."""
