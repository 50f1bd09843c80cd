"""What athletes have earned by training: badges, and trophies in tiers."""
