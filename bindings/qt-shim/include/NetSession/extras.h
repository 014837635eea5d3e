// SPDX-License-Identifier: MIT
//
// extras.h - functions of the library that have no counterpart in Qt's classes:
// service networks of the application, user choice, binding sockets to a link,
// signal strength, underlying links and reachability. They are the same on Qt 6
// and on Qt 5, in the namespace NetSession.
#ifndef NETSESSION_EXTRAS_H
#define NETSESSION_EXTRAS_H

#include <NetSession/qnetworkconfigmanager.h>
#include <NetSession/qnetworksession.h>

#include <functional>

namespace NetSession {

// Defines a service network with the identifier "network:" + identifier, or
// replaces the service network that has this identifier. Every manager of the
// process shows it until it is removed or the process ends. Sessions on it roam
// among its children.
//   identifier  1 to 200 bytes of UTF-8, printable, without spaces
//   name        the name to display; if empty, the identifier
//   children    access points that exist, at least one
//   why         receives the reason of a failure as text; may be null
// Returns the configuration. On failure it returns an invalid configuration and
// changes nothing. Since 0.1.
NETSESSION_QT_EXPORT QNetworkConfiguration
defineServiceNetwork(QNetworkConfigurationManager &manager, const QString &identifier,
                     const QString &name, QNetworkConfiguration::Purpose purpose,
                     const QList<QNetworkConfiguration> &children, QString *why = nullptr);

// Removes a service network of the application and closes the sessions that are
// open on it. Returns false if network is not a service network of the
// application or was removed before. Since 0.1.
NETSESSION_QT_EXPORT bool removeServiceNetwork(QNetworkConfigurationManager &manager,
                                               const QNetworkConfiguration &network);

// The callback that runs when a session on "netsession:user-choice" is opened.
// Answer with choose(), inside the callback or later. The candidates can be
// opened: access points, best first, then service networks. The callback runs on
// the manager's thread, called by its event loop or by waitForOpened(), and may
// delete the session and the manager.
using Chooser = std::function<void(QNetworkSession *session,
                                   const QList<QNetworkConfiguration> &candidates)>;

// Installs the chooser for the sessions of the manager's thread, for the lifetime
// of the manager. An empty function removes it; without a chooser, sessions use
// the best access point. If several managers of a thread have a chooser, only the
// chooser of the first of them runs. Call it on the manager's thread. Since 0.1.
NETSESSION_QT_EXPORT void setChooser(QNetworkConfigurationManager &manager, Chooser chooser);

// Answers the question of a session. QNetworkConfiguration() means that the user
// chose none: the session fails with error(SessionAbortedError). Returns false if
// the session does not wait for an answer, or if the configuration cannot be
// opened now; in the second case the session keeps waiting. Since 0.1.
NETSESSION_QT_EXPORT bool choose(QNetworkSession *session, const QNetworkConfiguration &config);

// Binds a socket to the link that the session uses now: the socket's packets
// leave by that link, regardless of the routes. The socket stays bound to the
// link when the session roams.
//   descriptor  an IPv4 or IPv6 socket that is not connected yet. A QTcpSocket or
//               QUdpSocket has a descriptor after its bind().
//   why         receives the system's reason of a failure; may be null
// Returns false on failure and leaves the socket unchanged. Since 0.1.
NETSESSION_QT_EXPORT bool bindSocket(const QNetworkSession &session, qintptr descriptor,
                                     QString *why = nullptr);

// Returns the strength of an access point's radio signal in percent, 1 to 100; 0
// if there is no radio or its strength is unknown. Because the strength fluctuates
// constantly, its changes emit no signal. Since 0.1.
NETSESSION_QT_EXPORT int signalStrength(const QNetworkConfiguration &config);

// Returns the access points that the link of an access point runs over now, best
// first: for a VPN or another tunnel, the link by which its packets leave; for a
// VLAN, a bridge or a bond, its lower links, as far as they have configurations of
// their own. The list is empty if the link has no underlying link, is not up, or
// its underlying links are unknown, and if config is not an access point. There is
// no signal of its own: query it again when the manager emits configurationAdded(),
// configurationChanged() or configurationRemoved(). Since 0.2.
NETSESSION_QT_EXPORT QList<QNetworkConfiguration> underlying(const QNetworkConfiguration &config);

// How far traffic gets; names and values as in QNetworkInformation::Reachability.
enum class Reachability {
    Unknown = 0, // the manager could not be created
    Disconnected,
    Local, // hosts on the same link
    Site,  // the local network, but not the internet
    Online
};
// The kind of technology; names and values as in QNetworkInformation::TransportMedium.
enum class TransportMedium { Unknown = 0, Ethernet, Cellular, WiFi, Bluetooth };

// Returns how far traffic gets by the best connected access point. The network
// daemon's connectivity check decides; without a daemon, routes and addresses do.
// The values of this function and of the next three change only together with a
// configuration: query them again when the manager emits configurationAdded(),
// configurationChanged() or configurationRemoved(). Since 0.1.
NETSESSION_QT_EXPORT Reachability reachability(const QNetworkConfigurationManager &manager);
// Returns whether a network daemon has detected a captive portal. Since 0.1.
NETSESSION_QT_EXPORT bool isBehindCaptivePortal(const QNetworkConfigurationManager &manager);
// Both describe the default access point while it is up or, if it is a tunnel, its
// underlying link: the kind of technology, and whether the link is metered (known or
// guessed) or roaming in a foreign cellular network. Since 0.1.
NETSESSION_QT_EXPORT TransportMedium transportMedium(const QNetworkConfigurationManager &manager);
NETSESSION_QT_EXPORT bool isMetered(const QNetworkConfigurationManager &manager);

} // namespace NetSession

#endif
