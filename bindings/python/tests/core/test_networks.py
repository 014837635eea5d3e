"""Service networks of the application, and sockets."""

from __future__ import annotations

import errno
import socket

import pytest

import netsession
from netsession import ConfigurationType, Purpose


def test_define_and_remove(laptop: netsession.Manager) -> None:
    eth0 = laptop.configuration_from_identifier("eth0")
    wlan0 = laptop.configuration_from_identifier("wlan0")
    office = laptop.define_service_network(
        "office", [wlan0, eth0], name="The office", purpose=Purpose.PRIVATE
    )
    assert (office.identifier, office.name) == ("network:office", "The office")
    assert (office.type, office.purpose) == (ConfigurationType.SERVICE_NETWORK, Purpose.PRIVATE)
    assert set(office.children) == {eth0, wlan0}
    assert office.is_roaming_available
    with office.open() as session:
        assert session.interface == "eth0"
    assert laptop.define_service_network("office", (eth0,)) == office
    assert office.name == "office"
    laptop.remove_service_network(office)
    assert not office.is_valid
    for configuration in (office, eth0):
        with pytest.raises(netsession.ArgumentError, match="is not a service network of this"):
            laptop.remove_service_network(configuration)


def test_invalid_service_networks(laptop: netsession.Manager) -> None:
    eth0 = laptop.configuration_from_identifier("eth0")
    with pytest.raises(netsession.ArgumentError, match="access point"):
        laptop.define_service_network("office", [])
    with pytest.raises(netsession.ArgumentError, match="identifier"):
        laptop.define_service_network("of fice", [eth0])
    with pytest.raises(TypeError, match="identifier must be a str"):
        laptop.define_service_network(b"office", [eth0])  # type: ignore[arg-type]


def test_sockets_that_cannot_be_bound(laptop: netsession.Manager) -> None:
    with socket.socket() as sock, netsession.Session(laptop, "eth0") as session:
        session.open()
        assert session.wait_for_opened()
        with pytest.raises(netsession.SocketError, match="played from a script") as caught:
            session.bind_socket(sock)
        assert caught.value.errno == errno.ENODEV
        with pytest.raises(netsession.SocketError) as caught:
            netsession.Session(laptop, "wlan0").bind_socket(sock.fileno())
        assert caught.value.errno == errno.ENOTCONN
    with laptop.default_configuration.open() as session:
        with pytest.raises(netsession.SocketError) as caught:
            session.bind_socket(sock)  # the socket is closed
        assert caught.value.errno == errno.EBADFD
