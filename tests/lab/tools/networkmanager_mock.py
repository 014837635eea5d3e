"""python-dbusmock's NetworkManager with one Wi-Fi device, wlan0, and the other objects and
properties that the library reads: profiles that can be used while one of their access
points is in range, active connections with states, a primary connection, and addresses
on the link. Tests call org.freedesktop.DBus.Mock on /org/freedesktop to simulate the
radio.
"""

import itertools
import subprocess
import time

import dbus
import dbus.lowlevel
import dbusmock
from dbusmock import MOCK_IFACE
from dbusmock.templates import networkmanager as template
from dbusmock.templates.networkmanager import *  # its D-Bus methods are part of this template

WIFI = "/org/freedesktop/NetworkManager/Devices/wlan0"
POINTS = "/org/freedesktop/NetworkManager/AccessPoint/"
NOWHERE = dbus.ObjectPath("/")

# Values of NMActiveConnectionStateReason, and of NMDeviceStateReason for the last.
NO_REASON, BY_USER, BY_DEVICE = 1, 2, 3
SSID_NOT_FOUND = 53

numbers = itertools.count(1)
wires = []  # pairs of the paths of a device and its profile


def load(mock, parameters):
    template.load(mock, parameters)
    manager = dbusmock.get_object(MANAGER_OBJ)
    manager.AddProperty(MANAGER_IFACE, "PrimaryConnection", NOWHERE)
    manager.activate_connection = activate
    manager.deactivate_connection = deactivate
    mock.AddWiFiDevice("wlan0", "wlan0", DeviceState.DISCONNECTED)
    device = dbusmock.get_object(WIFI)
    device.AddProperty(DEVICE_IFACE, "Metered", dbus.UInt32(4))  # NM_METERED_GUESS_NO
    device.AddProperty(WIRELESS_DEVICE_IFACE, "ActiveAccessPoint", NOWHERE)


@dbus.service.method(MOCK_IFACE, in_signature="sss", out_signature="")
def AddProfile(_self, name, identifier, ssid):
    """Adds a profile for a network, which may be out of range."""
    dbusmock.get_object(SETTINGS_OBJ).SettingsAddConnection({
        "connection": {"id": name, "uuid": identifier, "type": "802-11-wireless"},
        "802-11-wireless": {"ssid": dbus.ByteArray(ssid.encode())},
    })
    update_usable()


@dbus.service.method(MOCK_IFACE, in_signature="s", out_signature="")
def RemoveProfile(_self, identifier):
    for profile in list(dbusmock.get_object(SETTINGS_OBJ).ListConnections()):
        o = dbusmock.get_object(profile)
        if o.settings["connection"]["uuid"] == identifier:
            o.Delete()


@dbus.service.method(MOCK_IFACE, in_signature="ssy", out_signature="")
def Enter(self, name, ssid, strength):
    """Adds an access point that comes into range."""
    self.AddAccessPoint(WIFI, name, ssid, "02:00:00:00:00:01", 2, 2412, 54000, strength, 0)
    update_usable()


@dbus.service.method(MOCK_IFACE, in_signature="ii", out_signature="")
def Jitter(_self, rounds, level):
    """Makes the signals of all access points in range jitter around a level."""
    points = [dbusmock.get_object(p) for p in dbusmock.get_object(WIFI).access_points]
    noise = itertools.cycle((3, -4, 0, 4, -1, -3, 2, 1, -2, 4, -4))  # percent
    for _ in range(rounds):
        for point in points:
            point.Set(ACCESS_POINT_IFACE, "Strength", dbus.Byte(level + next(noise)))


@dbus.service.method(MOCK_IFACE, in_signature="i", out_signature="")
def AddWires(self, count):
    """Adds the unplugged cables wire0, wire1, ..., each with a profile."""
    for i in range(count):
        path = self.AddEthernetDevice(f"wire{i}", f"wire{i}", DeviceState.UNAVAILABLE)
        profile = dbusmock.get_object(SETTINGS_OBJ).SettingsAddConnection({
            "connection": {"id": f"wire{i}", "uuid": f"00000000-0000-4000-8000-{i:012}", "type": "802-3-ethernet"},
        })
        wires.append((path, profile))


@dbus.service.method(MOCK_IFACE, in_signature="ii", out_signature="")
def Flood(_self, signals, rate):
    """Plugs in and unplugs the cables in turn, with rate signals a second. After signal
    number k its profile can be used if flooded(k)."""
    messages = [[changed_wire(wire, usable) for usable in (False, True)] for wire in wires]
    connection = dbusmock.get_object(MANAGER_OBJ).connection
    start = time.monotonic()
    for k in range(signals):
        connection.send_message(messages[k % len(wires)][flooded(k)])
        ahead = k / rate - (time.monotonic() - start)
        if ahead > 0.002:
            connection.flush()
            time.sleep(ahead)
    connection.flush()
    print(f"{signals} signals in {time.monotonic() - start:.3f} s", flush=True)


def flooded(k):
    return (k * 2654435761 >> 16) & 1


def changed_wire(wire, usable):
    path, profile = wire
    message = dbus.lowlevel.SignalMessage(path, dbus.PROPERTIES_IFACE, "PropertiesChanged")
    available = dbus.Array([dbus.ObjectPath(profile)] if usable else [], signature="o")
    message.append(DEVICE_IFACE, {"AvailableConnections": available}, [], signature="sa{sv}as")
    return message


@dbus.service.method(MOCK_IFACE, in_signature="s", out_signature="")
def Leave(self, name):
    """Removes an access point that leaves range; the connection over it fails."""
    device = dbusmock.get_object(WIFI)
    used = device.Get(WIRELESS_DEVICE_IFACE, "ActiveAccessPoint")
    self.RemoveAccessPoint(WIFI, POINTS + name)
    update_usable()
    if used == POINTS + name:
        device.EmitSignal(DEVICE_IFACE, "StateChanged", "uuu",
                          [DeviceState.FAILED, DeviceState.ACTIVATED, SSID_NOT_FOUND])
        end(device.Get(DEVICE_IFACE, "ActiveConnection"), BY_DEVICE)


def points_of(profile):
    """The access points in range that a profile can use."""
    ssid = bytes(dbusmock.get_object(profile).settings["802-11-wireless"]["ssid"])
    points = dbusmock.get_object(WIFI).access_points
    return [p for p in points if bytes(dbusmock.get_object(p).Get(ACCESS_POINT_IFACE, "Ssid")) == ssid]


def update_usable():
    """Updates the list of profiles that can be used."""
    profiles = dbusmock.get_object(SETTINGS_OBJ).ListConnections()
    usable = [dbus.ObjectPath(p) for p in profiles if points_of(p)]
    dbusmock.get_object(WIFI).Set(DEVICE_IFACE, "AvailableConnections", dbus.Array(usable, signature="o"))


def activate(manager, profile, _device, _point):
    points = points_of(profile)
    if not points:
        raise dbus.exceptions.DBusException("No access point is in range.", name=MANAGER_IFACE + ".UnknownConnection")
    state = NMActiveConnectionState
    active = manager.AddActiveConnection([WIFI], profile, points[0], str(next(numbers)), state.NM_ACTIVE_CONNECTION_STATE_ACTIVATING)
    dbusmock.get_object(WIFI).Set(WIRELESS_DEVICE_IFACE, "ActiveAccessPoint", dbus.ObjectPath(points[0]))
    ip("address add 192.0.2.1/24 dev wlan0")
    ip("route add default via 192.0.2.254 dev wlan0 metric 600")
    move(active, state.NM_ACTIVE_CONNECTION_STATE_ACTIVATED, NO_REASON)
    manager.Set(MANAGER_IFACE, "PrimaryConnection", dbus.ObjectPath(active))
    return active


def deactivate(_manager, active):
    move(active, NMActiveConnectionState.NM_ACTIVE_CONNECTION_STATE_DEACTIVATING, BY_USER)
    end(active, BY_USER)


def end(active, reason):
    manager = dbusmock.get_object(MANAGER_OBJ)
    manager.Set(MANAGER_IFACE, "PrimaryConnection", NOWHERE)
    move(active, NMActiveConnectionState.NM_ACTIVE_CONNECTION_STATE_DEACTIVATED, reason)
    ip("address flush dev wlan0")
    dbusmock.get_object(WIFI).Set(WIRELESS_DEVICE_IFACE, "ActiveAccessPoint", NOWHERE)
    manager.RemoveActiveConnection(WIFI, active)


def move(active, state, reason):
    o = dbusmock.get_object(active)
    o.Set(ACTIVE_CONNECTION_IFACE, "State", dbus.UInt32(state))
    o.EmitSignal(ACTIVE_CONNECTION_IFACE, "StateChanged", "uu", [state, reason])


def ip(command):
    subprocess.run(["ip", *command.split()], check=True)
