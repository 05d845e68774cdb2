"""What a deployment chooses is read from its environment, and a production environment is a safe one."""

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PRODUCTION = {
    "DATABASE_URL": "postgres://backoffice@localhost/backoffice",
    "SECRET_KEY": "of-a-production-server-0123456789-abcdefghijklmnopqrstuvwxyz",
    "SEALING_KEY": "of-a-production-server-abcdefghijklmnopqrstuvwxyz-0123456789",
    "ALLOWED_HOSTS": "backoffice.example",
}


def run(tmp_path: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run Python in a fresh process that knows nothing of this one's environment but where programs are."""
    clean = {"PATH": os.environ["PATH"], "ENV_FILE": "", "VAR_DIR": str(tmp_path)}
    return subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=clean | environment, capture_output=True, text=True, check=False
    )


def read(tmp_path: Path, expression: str, **environment: str) -> object:
    """Return what `expression` says of the settings in that environment."""
    told = run(
        tmp_path,
        "-c",
        f"import json; from backoffice import settings as s; print(json.dumps({expression}))",
        **environment,
    )
    assert told.returncode == 0, told.stderr
    return json.loads(told.stdout)


def test_deployment_check_of_a_production_environment_is_clean(tmp_path: Path) -> None:
    told = run(tmp_path, "manage.py", "check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)
    assert told.returncode == 0, told.stderr


def test_cookies_travel_only_by_tls_unless_the_site_is_http_localhost(tmp_path: Path) -> None:
    asked = "[s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SECURE_SSL_REDIRECT, s.DEBUG]"
    assert read(tmp_path, asked, **PRODUCTION) == [True, True, True, False]
    assert read(tmp_path, asked, INSECURE_HTTP="true") == [False, False, False, False]


def test_secret_key_is_made_once_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    first = read(tmp_path, "s.SECRET_KEY")
    assert read(tmp_path, "s.SECRET_KEY") == first
    assert isinstance(first, str)
    assert len(first) >= 50
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600
    assert sorted(file.name for file in tmp_path.iterdir()) == ["sealing_key", "secret_key"]


def test_secret_key_has_to_be_given_where_several_machines_share_a_database(tmp_path: Path) -> None:
    told = run(tmp_path, "manage.py", "check", DATABASE_URL=PRODUCTION["DATABASE_URL"])
    assert told.returncode != 0
    assert "SECRET_KEY" in told.stderr


def test_given_secret_key_wins_over_the_kept_one(tmp_path: Path) -> None:
    assert read(tmp_path, "s.SECRET_KEY", SECRET_KEY="given") == "given"


def test_env_file_is_read_and_the_environment_wins_over_it(tmp_path: Path) -> None:
    file = tmp_path / "chosen.env"
    file.write_text("OPERATOR_NAME=From the file\nLOG_LEVEL=DEBUG\nTERM_SHEETS_DIR=/sheets\n")
    told = read(
        tmp_path,
        "[s.OPERATOR_NAME, s.TERM_SHEETS_DIR, s.LOGGING['root']['level']]",
        ENV_FILE=str(file),
        OPERATOR_NAME="From the environment",
    )
    assert told == ["From the environment", "/sheets", "DEBUG"]


def test_every_default_runs_on_a_laptop(tmp_path: Path) -> None:
    told = read(tmp_path, "[s.DATABASES['default']['NAME'], s.EMAIL_FILE_PATH, s.DAYS_BY_HAND, s.DEBUG]")
    assert told == [str(tmp_path / "backoffice.sqlite3"), str(tmp_path / "mailbox"), False, False]


@pytest.mark.parametrize(
    ("url", "backend"),
    [
        ("smtp+tls://mail.example:587", "django.core.mail.backends.smtp.EmailBackend"),
        ("filemail:////tmp/out", "django.core.mail.backends.filebased.EmailBackend"),
    ],
)
def test_mail_goes_where_the_environment_says(tmp_path: Path, url: str, backend: str) -> None:
    assert read(tmp_path, "s.EMAIL_BACKEND", EMAIL_URL=url) == backend


def test_a_log_level_is_taken_in_any_case_and_one_that_does_not_exist_is_named(tmp_path: Path) -> None:
    assert read(tmp_path, "s.LOGGING['root']['level']", LOG_LEVEL="info") == "INFO"
    told = run(tmp_path, "manage.py", "check", LOG_LEVEL="loud")
    assert told.returncode != 0
    assert "LOG_LEVEL is 'LOUD'; it can be DEBUG, INFO" in told.stderr


def test_a_choice_between_two_is_read_in_any_of_its_words_and_anything_else_is_named(tmp_path: Path) -> None:
    asked = "[s.DEBUG, s.DAYS_BY_HAND, s.SECURE_HSTS_PRELOAD]"
    assert read(tmp_path, asked, DEBUG="Yes", DAYS_BY_HAND="1", HSTS_SUBDOMAINS="off") == [True, True, False]
    assert read(tmp_path, asked, DEBUG="", HSTS_SUBDOMAINS="") == [False, False, True]
    told = run(tmp_path, "manage.py", "check", DEBUG="maybe")
    assert told.returncode == 1
    assert "DEBUG is 'maybe'; it can be true or false" in told.stderr


@pytest.mark.parametrize("url", ["", "nonsense", "backoffice@localhost"])
def test_an_address_of_no_database_is_named(tmp_path: Path, url: str) -> None:
    told = run(tmp_path, "manage.py", "check", DATABASE_URL=url)
    assert told.returncode == 1
    assert "DATABASE_URL" in told.stderr


def test_a_broken_sheet_stops_the_process_with_file_key_and_reason(tmp_path: Path) -> None:
    sheet = tmp_path / "sheets" / "acme" / "2020-01-01.toml"
    sheet.parent.mkdir(parents=True)
    sheet.write_text('vendor = "acme"\nname = "Acme"\ncontract = "Terms"\nfrom = 2020-01-01\n')
    told = run(tmp_path, "manage.py", "check", TERM_SHEETS_DIR=str(tmp_path / "sheets"))
    assert told.returncode == 1
    assert f"{sheet}: currency: the key is missing" in told.stderr


def test_a_sealing_key_that_is_too_short_is_refused(tmp_path: Path) -> None:
    told = run(tmp_path, "manage.py", "check", SEALING_KEY="short")
    assert told.returncode == 1
    assert "SEALING_KEY needs 32 characters" in told.stderr
