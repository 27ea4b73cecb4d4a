"""From an assessed organisation to a dated plan, and from an edited plan to the next."""
