"""What must hold of customers, their people and their contracts, asked by ``manage.py verify``: one module a noun."""

from accounts.checks import agreements, contracts, files, privacy, sealed

__all__ = ["agreements", "contracts", "files", "privacy", "sealed"]
