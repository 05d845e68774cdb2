"""Measurements, each beside a floor that does the same work in the same run. Nothing here is a test."""
