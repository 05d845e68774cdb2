"""Requests of law enforcement: what may be disclosed, to whom, by when, and whom we may tell."""
