"""The desk with its inboxes, as the delivery tests have it."""

from tests.delivery.conftest import desk

__all__ = ["desk"]
