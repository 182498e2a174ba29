"""Databases in which projects are followed over time."""

from tests.service.register.villages import either_register, filled, register, registered

__all__ = ["either_register", "filled", "register", "registered"]
