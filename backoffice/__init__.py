"""The floor every room stands on, and the front door.

Nothing is imported here on purpose: `backoffice.terms` must load without Django, REST framework or Celery.
"""
