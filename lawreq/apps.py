from django.apps import AppConfig


class LawreqConfig(AppConfig):
    name = "lawreq"
    verbose_name = "Law-enforcement requests"
