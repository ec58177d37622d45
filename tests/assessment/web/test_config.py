from pathlib import Path

import pytest

from assessment.web.config import SettingMissingError, load_config
from assessment.web.factory import create_app

PRODUCTION = {
    "ENVIRONMENT": "production",
    "SECRET_KEY": "s" * 32,
    "SIGN_IN_SALT": "t",
    "DATABASE_URL": "postgresql://db",
    "PUBLIC_URL": "https://assess.example",
    "MAIL_HOST": "mail",
    "MAIL_SENDER": "a@b.example",
}


@pytest.mark.parametrize("name", [name for name in PRODUCTION if name != "ENVIRONMENT"])
def test_load_config_production_names_what_is_missing(name: str):
    environment = {key: value for key, value in PRODUCTION.items() if key != name}

    with pytest.raises(SettingMissingError, match=name):
        load_config(environment, Path())


def test_load_config_production_refuses_the_demonstration():
    with pytest.raises(SettingMissingError, match="DEMONSTRATION"):
        load_config(PRODUCTION | {"DEMONSTRATION": "1"}, Path())


def test_load_config_production_short_secret_is_refused():
    with pytest.raises(SettingMissingError, match="SECRET_KEY must have 32 characters"):
        load_config(PRODUCTION | {"SECRET_KEY": "s" * 31}, Path())


def test_load_config_production_complete_is_taken():
    assert load_config(PRODUCTION, Path()).production


def test_load_config_database_without_secret_is_refused_except_in_the_demonstration():
    database = {"DATABASE_URL": "postgresql://nowhere/x"}

    with pytest.raises(SettingMissingError, match="Set SECRET_KEY"):
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
def test_load_config_mail_password_in_clear_is_for_this_machine_only(
    changes: dict[str, str], is_refused: bool
):
    environment = {"MAIL_USER": "u", "MAIL_PASSWORD": "p"} | changes

    if is_refused:
        with pytest.raises(SettingMissingError, match="MAIL_START_TLS=1"):
            load_config(environment, Path())
    else:
        assert load_config(environment, Path()).mail_user == "u"


def test_load_config_odd_port_is_named():
    with pytest.raises(SettingMissingError, match="MAIL_PORT must be a whole number"):
        load_config({"MAIL_PORT": "smtp"}, Path())


def test_create_app_without_demonstration_has_no_door(tmp_path: Path):
    app = create_app(
        load_config({"DATABASE_URL": "postgresql://nowhere/x", "SECRET_KEY": "s"}, tmp_path)
    )

    assert not [rule for rule in app.url_map.iter_rules() if "demonstration" in rule.rule]
