"""Messenger, for Facebook pages."""
