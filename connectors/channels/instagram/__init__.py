"""Instagram Direct."""
