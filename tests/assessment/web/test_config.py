import os
import subprocess
import sys
from pathlib import Path

import pytest

from assessment.web import config
from assessment.web.config import ConfigError, load_config
from assessment.web.factory import ROOT, create_app

PRODUCTION = {
    "ENVIRONMENT": "production",
    "SECRET_KEY": "s" * 32,
    "SIGN_IN_SALT": "t" * 16,
    "DATABASE_URL": "postgresql://db",
    "PUBLIC_URL": "https://assess.example",
    "MAIL_HOST": "mail",
    "MAIL_START_TLS": "1",
    "MAIL_SENDER": "a@b.example",
}


@pytest.mark.parametrize("name", sorted(PRODUCTION.keys() - {"ENVIRONMENT", "MAIL_START_TLS"}))
def test_load_config_production_names_what_is_missing(name: str):
    environment = {key: value for key, value in PRODUCTION.items() if key != name}

    with pytest.raises(ConfigError, match=name):
        load_config(environment, Path())


def test_load_config_production_refuses_the_demonstration():
    with pytest.raises(ConfigError, match="DEMONSTRATION"):
        load_config(PRODUCTION | {"DEMONSTRATION": "1"}, Path())


def test_load_config_production_short_secret_is_refused():
    with pytest.raises(ConfigError, match="SECRET_KEY must have 32 characters"):
        load_config(PRODUCTION | {"SECRET_KEY": "s" * 31}, Path())


def test_load_config_production_complete_is_taken():
    assert load_config(PRODUCTION, Path()).production


@pytest.mark.parametrize("url", ["https://assess.example.gov.uk", "http://10.0.0.7:8000"])
def test_load_config_site_that_others_reach_needs_secrets_whatever_its_environment(url: str):
    with pytest.raises(ConfigError) as refused:
        load_config({"PUBLIC_URL": url}, Path())
    assert str(refused.value).split("\n") == [
        "Set SECRET_KEY in the environment.",
        "Set SIGN_IN_SALT in the environment.",
    ]
    with pytest.raises(ConfigError, match="SIGN_IN_SALT must have 16 characters"):
        load_config({"PUBLIC_URL": url, "SECRET_KEY": "s" * 32, "SIGN_IN_SALT": "t"}, Path())
    # whoever the demonstration lets in sees invented people only
    assert load_config({"PUBLIC_URL": url, "DEMONSTRATION": "1"}, Path()).demonstration


@pytest.mark.parametrize("zone", ["London", "Europe/Londn", "../etc/passwd"])
def test_load_config_unknown_time_zone_is_refused(zone: str):
    assert load_config({"TIME_ZONE": "Europe/Dublin"}, Path()).time_zone == "Europe/Dublin"

    with pytest.raises(ConfigError, match="TIME_ZONE must be such as Europe/London"):
        load_config({"TIME_ZONE": zone}, Path())


def test_load_config_without_the_embedded_database_needs_an_address(
    monkeypatch: pytest.MonkeyPatch,
):
    # as where only requirements.txt is installed
    monkeypatch.setattr(config, "has_embedded_server", lambda: False)

    with pytest.raises(ConfigError, match="Set DATABASE_URL in"):
        load_config({}, Path())
    assert load_config({"DATABASE_URL": "postgresql://db", "SECRET_KEY": "s"}, Path()).database_url


def test_load_config_database_without_secret_is_refused_except_in_the_demonstration():
    database = {"DATABASE_URL": "postgresql://nowhere/x"}

    with pytest.raises(ConfigError, match="Set SECRET_KEY"):
        load_config(database, Path())
    assert load_config(database | {"DEMONSTRATION": "1"}, Path()).demonstration


@pytest.mark.parametrize(
    ("changes", "is_refused"),
    [
        ({"MAIL_HOST": "mail.example"}, True),
        ({"MAIL_HOST": "mail.example", "MAIL_START_TLS": "1"}, False),
        ({"MAIL_HOST": "localhost"}, False),
        ({}, False),
    ],
)
def test_load_config_mail_in_clear_is_for_this_machine_only(
    changes: dict[str, str], is_refused: bool
):
    environment = {"MAIL_USER": "u"} | changes

    if is_refused:
        with pytest.raises(ConfigError, match="MAIL_START_TLS=1"):
            load_config(environment, Path())
    else:
        assert load_config(environment, Path()).mail_user == "u"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        *(({"ENVIRONMENT": text}, "ENVIRONMENT must be") for text in ("prod", "Production", "x ")),
        *(
            ({"PUBLIC_URL": text}, "PUBLIC_URL must be such as")
            for text in (
                *("foo", "javascript:alert(1)", "ftp://a.example", "https://", "https://a/b"),
                *("https://u@a.example", "https://a.example?x", "https://a b", "//a.example"),
            )
        ),
        ({"PUBLIC_URL": "http://assess.example"}, "PUBLIC_URL must begin with https://"),
        ({"SIGN_IN_SALT": "t" * 15}, "SIGN_IN_SALT must have 16 characters"),
        ({"MAIL_START_TLS": "yes"}, "MAIL_START_TLS must be 0 or 1"),
        ({"MAIL_START_TLS": ""}, "needs MAIL_START_TLS=1"),
        ({"MAIL_SENDER": "nobody"}, "MAIL_SENDER must be an e-mail address"),
        ({"DATABASE_URL": "sqlite://"}, "DATABASE_URL must begin with postgresql://"),
        ({"DEMONSTRATION": "true"}, "DEMONSTRATION must be 0 or 1"),
        ({"SECURITY_CONTACT": "jo@a.example"}, "SECURITY_CONTACT must begin with"),
        *(({"PROXIES": text}, "PROXIES must be") for text in ("-1", "11", "1.5", "one", "٣")),
        *(({"MAIL_PORT": text}, "MAIL_PORT must be") for text in ("0", "65536", "9" * 5000)),
        *(({"PORT": text}, "PORT must be") for text in ("0", "65536", "abc", "99999999", "-1")),
    ],
)
def test_load_config_odd_setting_is_refused(changes: dict[str, str], said: str):
    with pytest.raises(ConfigError, match=said):
        load_config(PRODUCTION | changes, Path())


def test_load_config_every_mistake_is_told_at_once_one_a_line():
    odd = {"ENVIRONMENT": "production", "PUBLIC_URL": "foo", "PROXIES": "x", "SECRET_KEY": "s"}

    with pytest.raises(ConfigError) as refused:
        load_config(odd, Path())

    # four of the needed settings are missing; key, proxies and address are wrong
    lines = str(refused.value).split("\n")
    assert sorted(line.split()[0] for line in lines) == [
        *("PROXIES", "PUBLIC_URL", "SECRET_KEY", "Set", "Set", "Set", "Set")
    ]


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:8000", "http://[::1]:8000", "https://a.example/"]
)
def test_load_config_public_url_that_is_one_is_taken(url: str):
    assert load_config(PRODUCTION | {"PUBLIC_URL": url}, Path()).public_url == url


@pytest.mark.slow
@pytest.mark.parametrize(
    "command",
    [
        ["-m", "flask", "account", "role", "jo@a.example", "reader"],
        ["-m", "gunicorn", "--bind", "127.0.0.1:0", "app:app"],
        ["-m", "assessment.demonstration.serving"],
        ["-c", "import app"],
    ],
    ids=["flask", "gunicorn", "serving", "import"],
)
def test_entry_points_say_what_is_wrong_and_end(command: list[str], tmp_path: Path):
    odd = {"ENVIRONMENT": "prod", "PUBLIC_URL": "foo", "PORT": "0", "MAIL_PORT": "0"}
    settings = {"DATABASE_URL": "postgresql://127.0.0.1:1/x", "INSTANCE_FOLDER": str(tmp_path)}

    ended = subprocess.run(
        [sys.executable, *command],
        env=os.environ | odd | settings,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert ended.returncode != 0
    assert "ENVIRONMENT must be production or development, or not set" in ended.stderr
    assert "PUBLIC_URL must be such as" in ended.stderr
    assert "\nPORT must be a whole number" in ended.stderr
    assert "Traceback" not in ended.stdout + ended.stderr


def test_load_config_odd_port_is_named():
    with pytest.raises(ConfigError, match="MAIL_PORT must be a whole number"):
        load_config({"MAIL_PORT": "smtp"}, Path())


def test_create_app_without_demonstration_has_no_door(tmp_path: Path):
    app = create_app(
        load_config({"DATABASE_URL": "postgresql://nowhere/x", "SECRET_KEY": "s"}, tmp_path)
    )

    assert not [rule for rule in app.url_map.iter_rules() if "demonstration" in rule.rule]
