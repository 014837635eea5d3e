// SPDX-License-Identifier: MIT
//
// extras.h - what the library can do and the classes have no place for: service
// networks of the application, asking the user, sockets that stay on a link, the
// strength of a signal, what a link runs over, and how far traffic gets.
// The same on Qt 6 and on Qt 5, in the namespace NetSession.
#ifndef NETSESSION_EXTRAS_H
#define NETSESSION_EXTRAS_H

#include <NetSession/qnetworkconfigmanager.h>
#include <NetSession/qnetworksession.h>

#include <functional>

namespace NetSession {

// Defines a service network, "network:" and the identifier, or replaces the one
// of that identifier. It is there until it is removed or the process ends, for
// every manager; sessions on it roam among its children.
//   identifier  1 to 200 bytes of UTF-8, printable, without spaces
//   name        for people; the identifier if empty
//   children    access points that exist, at least one
//   why         receives what was wrong, in words; may be null
// Returns the configuration; an invalid one, and nothing is changed, on failure.
// Since 0.1.
NETSESSION_QT_EXPORT QNetworkConfiguration
defineServiceNetwork(QNetworkConfigurationManager &manager, const QString &identifier,
                     const QString &name, QNetworkConfiguration::Purpose purpose,
                     const QList<QNetworkConfiguration> &children, QString *why = nullptr);

// Removes a service network of the application; sessions that are open on it are
// closed. False if it is none, or was removed before. Since 0.1.
NETSESSION_QT_EXPORT bool removeServiceNetwork(QNetworkConfigurationManager &manager,
                                               const QNetworkConfiguration &network);

// What is asked when a session on "netsession:user-choice" was opened: answer by
// choose(), now or later. The candidates can be opened: access points, best
// first, then service networks. It runs on the manager's thread, out of its
// event loop or waitForOpened(), and may delete the session and the manager.
using Chooser = std::function<void(QNetworkSession *session,
                                   const QList<QNetworkConfiguration> &candidates)>;

// Lets the sessions of the manager's thread ask, as long as the manager lives. An
// empty function ends it: they take the best access point then, as without a
// chooser. Of several managers on a thread the first that has one asks. To be
// called on the manager's thread. Since 0.1.
NETSESSION_QT_EXPORT void setChooser(QNetworkConfigurationManager &manager, Chooser chooser);

// Answers for a session that asks; QNetworkConfiguration() means that the user
// chose none: error(SessionAbortedError). False if the session does not ask, or
// goes on asking because the configuration cannot be opened now. Since 0.1.
NETSESSION_QT_EXPORT bool choose(QNetworkSession *session, const QNetworkConfiguration &config);

// Binds a socket to the link that the session uses now: its packets leave by that
// link, whatever the routes say. It stays there when the session roams.
//   descriptor  an IPv4 or IPv6 socket that is not connected yet. That of a
//               QTcpSocket or QUdpSocket is there after its bind().
//   why         receives the system's reason; may be null
// False on failure, and the socket is as it was. Since 0.1.
NETSESSION_QT_EXPORT bool bindSocket(const QNetworkSession &session, qintptr descriptor,
                                     QString *why = nullptr);

// The strength of an access point's radio signal in percent, 1 to 100; 0 where
// there is no radio, or its strength is not known. It jitters: no signal tells of
// it. Since 0.1.
NETSESSION_QT_EXPORT int signalStrength(const QNetworkConfiguration &config);

// The access points that the link of an access point runs over now, best first:
// under a VPN or another tunnel the link by which its packets leave, under a VLAN, a
// bridge or a bond the links below it, as far as these are configurations of their
// own. Empty where the link runs over nothing or is not up, where nobody knows, and
// for what is no access point. No signal tells of this by itself: ask again when the
// manager tells that a configuration was added, changed or removed. Since 0.2.
NETSESSION_QT_EXPORT QList<QNetworkConfiguration> underlying(const QNetworkConfiguration &config);

// How far traffic gets. The names and numbers are those of QNetworkInformation.
enum class Reachability {
    Unknown = 0, // the manager could not be made
    Disconnected,
    Local, // hosts on the same link
    Site,  // the local network, but not the internet
    Online
};
// The kind of technology. The names and numbers are those of QNetworkInformation.
enum class TransportMedium { Unknown = 0, Ethernet, Cellular, WiFi, Bluetooth };

// How far traffic gets, by the access point that gets furthest. What a network
// daemon has found out counts; without one it follows from routes and addresses.
// This and the next three change only where a configuration does: ask again when
// the manager tells that one was added, changed or removed. Since 0.1.
NETSESSION_QT_EXPORT Reachability reachability(const QNetworkConfigurationManager &manager);
// Whether a network daemon sees a captive portal before the internet. Since 0.1.
NETSESSION_QT_EXPORT bool isBehindCaptivePortal(const QNetworkConfigurationManager &manager);
// Of the default access point while it is up, or of the link under it if that is a
// tunnel: the kind of technology, and whether it costs by volume, for certain or by a
// guess, or is abroad. Since 0.1.
NETSESSION_QT_EXPORT TransportMedium transportMedium(const QNetworkConfigurationManager &manager);
NETSESSION_QT_EXPORT bool isMetered(const QNetworkConfigurationManager &manager);

} // namespace NetSession

#endif
