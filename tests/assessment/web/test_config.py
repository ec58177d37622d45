from pathlib import Path

import pytest

from assessment.web.config import SettingMissingError, load_config
from assessment.web.factory import create_app

PRODUCTION = {
    "ENVIRONMENT": "production",
    "SECRET_KEY": "s",
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


def test_load_config_odd_port_is_named():
    with pytest.raises(SettingMissingError, match="MAIL_PORT must be a whole number"):
        load_config({"MAIL_PORT": "smtp"}, Path())


def test_create_app_without_demonstration_has_no_door(tmp_path: Path):
    app = create_app(load_config({"DATABASE_URL": "postgresql://nowhere/x"}, tmp_path))

    assert not [rule for rule in app.url_map.iter_rules() if "demonstration" in rule.rule]
