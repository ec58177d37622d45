"""The settings: one frozen object made from the environment at start."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

SHORTEST_SECRET = 32
THIS_MACHINE = frozenset({"127.0.0.1", "::1", "localhost"})


class SettingMissingError(Exception):
    """A setting is missing or wrong; the message names it."""


@dataclass(frozen=True, slots=True)
class Config:
    """What the installation decides.

    ``database_url`` is empty where the embedded server under ``instance`` is used.
    ``demonstration`` opens the door to the demonstration's people; it goes with simulated
    data only and is refused in production. ``proxies`` stand between the site and people.
    """

    secret_key: str
    sign_in_salt: str
    database_url: str
    instance: Path
    public_url: str
    mail_host: str
    mail_port: int
    mail_sender: str
    mail_user: str
    mail_password: str
    mail_start_tls: bool
    demonstration: bool
    production: bool
    proxies: int

    @property
    def is_secure(self) -> bool:
        """Say whether people reach the site over TLS."""
        return self.public_url.startswith("https://")


def load_config(environment: Mapping[str, str], root: Path) -> Config:
    """Make the settings; raises SettingMissingError that names what is missing."""
    production = environment.get("ENVIRONMENT", "local") == "production"
    demonstration = environment.get("DEMONSTRATION", "") == "1"
    if production and demonstration:
        raise SettingMissingError("DEMONSTRATION cannot be set where ENVIRONMENT is production.")
    needed = (
        "SECRET_KEY",
        "SIGN_IN_SALT",
        "DATABASE_URL",
        "PUBLIC_URL",
        "MAIL_HOST",
        "MAIL_SENDER",
    )
    missing = [name for name in needed if production and not environment.get(name)]
    if missing:
        raise SettingMissingError(f"Set {', '.join(missing)} in the environment.")
    _check_secrets(environment, production=production, demonstration=demonstration)
    return Config(
        secret_key=environment.get("SECRET_KEY", "local-only"),
        sign_in_salt=environment.get("SIGN_IN_SALT", "local-only"),
        database_url=environment.get("DATABASE_URL", ""),
        instance=Path(environment.get("INSTANCE_FOLDER") or root / "instance"),
        public_url=environment.get("PUBLIC_URL", "http://127.0.0.1:5000"),
        mail_host=environment.get("MAIL_HOST", "127.0.0.1"),
        mail_port=_number(environment, "MAIL_PORT", 8025),
        mail_sender=environment.get("MAIL_SENDER", "self-assessment@localhost"),
        mail_user=environment.get("MAIL_USER", ""),
        mail_password=environment.get("MAIL_PASSWORD", ""),
        mail_start_tls=environment.get("MAIL_START_TLS", "") == "1",
        demonstration=demonstration,
        production=production,
        proxies=_number(environment, "PROXIES", 0),
    )


def _check_secrets(
    environment: Mapping[str, str], *, production: bool, demonstration: bool
) -> None:
    """Refuse a secret that is missing or too short, and a password sent in clear."""
    secret = environment.get("SECRET_KEY", "")
    if environment.get("DATABASE_URL") and not secret and not demonstration:
        raise SettingMissingError("Set SECRET_KEY in the environment: DATABASE_URL is set.")
    if production and len(secret) < SHORTEST_SECRET:
        raise SettingMissingError(f"SECRET_KEY must have {SHORTEST_SECRET} characters or more.")
    is_clear = environment.get("MAIL_USER") and environment.get("MAIL_START_TLS") != "1"
    if is_clear and environment.get("MAIL_HOST", "127.0.0.1") not in THIS_MACHINE:
        raise SettingMissingError(
            "MAIL_USER needs MAIL_START_TLS=1: a password is not sent in clear."
        )


def _number(environment: Mapping[str, str], name: str, default: int) -> int:
    """Return a setting that is a whole number."""
    text = environment.get(name, str(default))
    if not text.isdecimal():
        raise SettingMissingError(f"{name} must be a whole number, not {text!r}.")
    return int(text)
