"""What `make run` does about ports."""

import errno
import socket
from collections.abc import Iterator

import pytest

from assessment.demonstration.serving import ServingError, _choose_mail_port, _require_free


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield int(listener.getsockname()[1])


def test_choose_mail_port_unset_is_a_free_one():
    port = _choose_mail_port({})

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", port))


def test_choose_mail_port_set_and_in_use_says_what_to_do(taken: int):
    with pytest.raises(ServingError, match=f"Port {taken} is in use: .* MAIL_PORT={taken + 1}"):
        _choose_mail_port({"MAIL_PORT": str(taken)})


def test_require_free_port_that_may_not_be_had_is_not_called_in_use(
    monkeypatch: pytest.MonkeyPatch,
):
    def refuse(_socket: socket.socket, _address: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(socket.socket, "bind", refuse)

    with pytest.raises(ServingError) as raised:
        _require_free(587, "PORT")

    assert str(raised.value) == (
        "Port 587 cannot be had (Permission denied): choose another with PORT=1024 make run."
    )
