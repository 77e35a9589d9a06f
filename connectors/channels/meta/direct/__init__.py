"""Instagram Direct and Messenger: one protocol, two products."""
