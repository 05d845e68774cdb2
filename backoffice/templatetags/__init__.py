"""What the templates may ask for: ``{% load words %}``."""
