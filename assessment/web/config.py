"""The settings: one frozen object made from the environment at start."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from assessment.clock import DEFAULT_ZONE
from assessment.core.typed import is_email
from assessment.demonstration.postgres import has_embedded_server

# Of secrets wherever others than this machine's people reach the site. [characters]
MIN_LENGTHS = {"SECRET_KEY": 32, "SIGN_IN_SALT": 16}
NEEDED = ("DATABASE_URL", "PUBLIC_URL", "MAIL_HOST", "MAIL_SENDER")
ENVIRONMENTS = ("production", "development")
SWITCH = ("0", "1")
DATABASES = ("postgresql://", "postgres://")
CONTACTS = ("mailto:", "https://")
PUBLIC_URL = re.compile(r"https?://([a-zA-Z0-9.-]+|\[[0-9a-fA-F:]+\])(:[0-9]{1,5})?/?")
MAX_PROXIES = 10
MAX_DIGITS = 9
PORTS = range(1, 65536)
LOOPBACK_HOSTS = frozenset({"127.0.0.1", "::1", "localhost"})


class ConfigError(Exception):
    """Settings are missing or wrong; the message names each, one a line."""


@dataclass(frozen=True, slots=True)
class Config:
    """What the installation decides.

    ``database_url`` is empty where the embedded server under ``instance`` is used.
    ``demonstration`` opens the door to the demonstration's people; it goes with simulated
    data only and is refused in production. ``proxies`` stand between the site and people.
    ``port`` is where `make run` serves.
    """

    secret_key: str
    sign_in_salt: str
    database_url: str
    instance: Path
    port: int
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
    security_contact: str
    time_zone: str

    @property
    def is_secure(self) -> bool:
        """Return whether people reach the site over TLS."""
        return self.public_url.startswith("https://")

    @property
    def host(self) -> str:
        """Return the name that people reach the site by, without its port."""
        return urlsplit(self.public_url).hostname or ""


def load_config(environment: Mapping[str, str], root: Path) -> Config:
    """Make the settings; raises ConfigError with every mistake, one a line."""
    settings = _Settings(environment)
    production = settings.choose("ENVIRONMENT", ENVIRONMENTS) == "production"
    demonstration = settings.choose("DEMONSTRATION", SWITCH) == "1"
    if production:
        _check_production(settings, demonstration=demonstration)
    port = settings.number("PORT", 5000, PORTS)
    config = Config(
        secret_key=settings.text("SECRET_KEY", "local-only"),
        sign_in_salt=settings.text("SIGN_IN_SALT", "local-only"),
        database_url=settings.text("DATABASE_URL"),
        instance=Path(settings.text("INSTANCE_FOLDER") or root / "instance"),
        port=port,
        public_url=settings.text("PUBLIC_URL", f"http://127.0.0.1:{port}"),
        mail_host=settings.text("MAIL_HOST", "127.0.0.1"),
        mail_port=settings.number("MAIL_PORT", 8025, PORTS),
        mail_sender=settings.text("MAIL_SENDER", "self-assessment@localhost"),
        mail_user=settings.text("MAIL_USER"),
        mail_password=settings.text("MAIL_PASSWORD"),
        mail_start_tls=settings.choose("MAIL_START_TLS", SWITCH) == "1",
        demonstration=demonstration,
        production=production,
        proxies=settings.number("PROXIES", 0, range(MAX_PROXIES + 1)),
        security_contact=settings.text("SECURITY_CONTACT"),
        time_zone=settings.text("TIME_ZONE", DEFAULT_ZONE),
    )
    if config.time_zone not in available_timezones():
        settings.refuse(f"TIME_ZONE must be such as {DEFAULT_ZONE}, not {config.time_zone!r}.")
    _check_addresses(settings, config)
    _check_secrets(settings, config)
    if settings.mistakes:
        raise ConfigError("\n".join(settings.mistakes))
    return config


class _Settings:
    """The environment, and what is wrong with it."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment
        self.mistakes: list[str] = []

    def refuse(self, mistake: str) -> None:
        """Note a mistake."""
        self.mistakes.append(mistake)

    def text(self, name: str, default: str = "") -> str:
        """Return a setting; an empty one counts as not set."""
        return self._environment.get(name) or default

    def choose(self, name: str, choices: tuple[str, ...]) -> str:
        """Return a setting that is one of these or not set: anything else would fail open."""
        text = self.text(name)
        if text and text not in choices:
            self.refuse(f"{name} must be {' or '.join(choices)}, or not set, not {text!r}.")
        return text

    def number(self, name: str, default: int, allowed: range) -> int:
        """Return a setting that is a whole number."""
        text = self.text(name, str(default))
        is_number = text.isascii() and text.isdecimal() and len(text) <= MAX_DIGITS
        if is_number and int(text) in allowed:
            return int(text)
        bounds = f"from {allowed[0]} to {allowed[-1]}"
        self.refuse(f"{name} must be a whole number {bounds}, not {text!r}.")
        return default


def _check_production(settings: _Settings, *, demonstration: bool) -> None:
    """Require what a real installation needs."""
    if demonstration:
        settings.refuse("DEMONSTRATION cannot be set where ENVIRONMENT is production.")
    for name in NEEDED:
        if not settings.text(name):
            settings.refuse(f"Set {name} in the environment.")


def _check_secrets(settings: _Settings, config: Config) -> None:
    """Require secrets unless the site is for this machine or its people are invented."""
    # Without a host PUBLIC_URL is malformed, which `_check_addresses` says.
    is_public = bool(config.host) and config.host not in LOOPBACK_HOSTS
    if config.production or (is_public and not config.demonstration):
        for name, length in MIN_LENGTHS.items():
            # What is set, not what config holds: its defaults are known to everybody.
            if not settings.text(name):
                settings.refuse(f"Set {name} in the environment.")
            elif len(settings.text(name)) < length:
                settings.refuse(f"{name} must have {length} characters or more.")
    elif config.database_url and not settings.text("SECRET_KEY") and not config.demonstration:
        settings.refuse("Set SECRET_KEY in the environment: DATABASE_URL is set.")


def _check_addresses(settings: _Settings, config: Config) -> None:
    """Refuse odd addresses, and codes and passwords that would be sent in clear."""
    if not PUBLIC_URL.fullmatch(config.public_url):
        settings.refuse(
            "PUBLIC_URL must be such as https://assess.example.gov.uk, without a path, "
            f"not {config.public_url!r}."
        )
    elif config.production and not config.is_secure and config.host not in LOOPBACK_HOSTS:
        settings.refuse("PUBLIC_URL must begin with https:// where ENVIRONMENT is production.")
    if not (config.database_url or config.production or has_embedded_server()):
        settings.refuse("Set DATABASE_URL in the environment: no PostgreSQL is embedded here.")
    elif config.database_url and not config.database_url.startswith(DATABASES):
        settings.refuse("DATABASE_URL must begin with postgresql://.")
    # Only where it is set: the default, at localhost, is no address on the internet.
    if settings.text("MAIL_SENDER") and not is_email(config.mail_sender):
        settings.refuse(f"MAIL_SENDER must be an e-mail address, not {config.mail_sender!r}.")
    if config.mail_host not in LOOPBACK_HOSTS and not config.mail_start_tls:
        settings.refuse(
            f"MAIL_HOST {config.mail_host!r} is another machine and needs MAIL_START_TLS=1: "
            "sign-in codes and passwords are not sent in clear."
        )
    if config.security_contact and not config.security_contact.startswith(CONTACTS):
        settings.refuse("SECURITY_CONTACT must begin with mailto: or https://.")
