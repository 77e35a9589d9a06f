from tests.delivery.conftest import Desk, desk

__all__ = ["Desk", "desk"]
