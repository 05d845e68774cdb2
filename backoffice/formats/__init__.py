"""How days are written on the pages: as in the letters, 28 February 2026 (settings.FORMAT_MODULE_PATH)."""
