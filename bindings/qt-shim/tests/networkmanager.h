// networkmanager.h - cables and NetworkManager profiles in the lab (tests/lab/nm).
// The functions change nothing outside the lab.
#ifndef NETWORKMANAGER_H
#define NETWORKMANAGER_H

#include "play.h"

#include <net/if.h>
#include <sys/socket.h>

// The identifiers of the profiles.
static const char office[] = "nm:00000000-0000-4000-8000-000000000001"; // on eth0
static const char home[] = "nm:00000000-0000-4000-8000-000000000002";   // on eth1

inline bool isInLab()
{
    return QFile::exists(QStringLiteral("/run/netsession-lab"));
}

// Runs a shell command.
inline bool run(const QByteArray &command)
{
    return system(command + " >/dev/null 2>&1") == 0;
}

// Whether NetworkManager reports the profile as active.
inline bool isActive(const char *name)
{
    return run(QByteArray("nmcli -t -f NAME connection show --active | grep -qx ") + name);
}

// A cable whose other end is in a network namespace of its own.
inline bool cable(const QByteArray &link)
{
    return run("ip netns add router-" + link + " && ip link add " + link + " type veth peer name " + link
               + ".peer netns router-" + link + " && ip -n router-" + link + " link set " + link
               + ".peer up && ip link set " + link + " up");
}

inline bool plug(const QByteArray &link, bool in)
{
    return run("ip -n router-" + link + " link set " + link + ".peer " + (in ? "up" : "down"));
}

// A profile with a fixed address and additional settings.
inline bool profile(const char *name, const QByteArray &link, const char *identifier, const QByteArray &settings)
{
    return run(QByteArray("nmcli connection add type ethernet con-name ") + name + " ifname " + link
               + " connection.uuid " + (identifier + 3) + " ipv6.method disabled ipv4.method manual " + settings);
}

inline QNetworkConfiguration configurationOf(const char *identifier)
{
    return QNetworkConfigurationManager().configurationFromIdentifier(QLatin1String(identifier));
}

// The link that a socket is bound to.
inline QByteArray linkOf(qintptr descriptor)
{
    char name[IFNAMSIZ] = "";
    socklen_t size = sizeof name;
    getsockopt(int(descriptor), SOL_SOCKET, SO_BINDTODEVICE, name, &size);
    return name;
}

#endif
