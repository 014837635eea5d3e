// SPDX-License-Identifier: MIT
//
// qnetworkconfigmanager.h - lists the networks and reports their changes.
#ifndef NETSESSION_QNETWORKCONFIGMANAGER_H
#define NETSESSION_QNETWORKCONFIGMANAGER_H

#include <NetSession/qnetworkconfiguration.h>

#include <QtCore/qobject.h>

NETSESSION_QT_BEGIN_NAMESPACE

class QNetworkConfigurationManagerPrivate;

// Managers are cheap: all managers of a process share their state, and creating
// one costs microseconds while another exists. The constructor of the first
// manager returns when the state of the network is complete.
//
// The event loop of the object's thread delivers the signals. They report the
// changes since the manager was created, and only changes. A manager may be
// deleted in any slot. Since 0.1.
class NETSESSION_QT_EXPORT QNetworkConfigurationManager : public QObject
{
    Q_OBJECT

public:
    // What the system supports.
    enum Capability {
        CanStartAndStopInterfaces = 0x00000001, // this process is allowed to
        DirectConnectionRouting = 0x00000002,   // a socket can be bound to a link
        SystemSessionSupport = 0x00000004,      // sessions of all processes count
        ApplicationLevelRoaming = 0x00000008,
        ForcedRoaming = 0x00000010,
        DataStatistics = 0x00000020,
        NetworkSessionRequired = 0x00000040 // never on Linux
    };
    Q_ENUM(Capability)

    // A combination of capabilities.
    Q_DECLARE_FLAGS(Capabilities, Capability)
    Q_FLAG(Capabilities)

    // Usually takes milliseconds for the first manager of a process.
    explicit QNetworkConfigurationManager(QObject *parent = nullptr);
    virtual ~QNetworkConfigurationManager();

    // The capabilities that this process has now.
    QNetworkConfigurationManager::Capabilities capabilities() const;

    // The best access point that is up and has a route to the internet, else the
    // best that can be opened, else the best that is up, else the service network
    // of all access points; invalid if there is no access point.
    QNetworkConfiguration defaultConfiguration() const;
    // The configurations whose state has all of the flags; no flags select all.
    QList<QNetworkConfiguration> allConfigurations(
        QNetworkConfiguration::StateFlags flags = QNetworkConfiguration::StateFlags()) const;
    // The configuration with the identifier; invalid if there is none.
    QNetworkConfiguration configurationFromIdentifier(const QString &identifier) const;

    // Whether a link that is up has a route to the internet.
    bool isOnline() const;

public Q_SLOTS:
    // Asks the system to scan for networks. Each call is followed by one
    // updateCompleted().
    void updateConfigurations();

Q_SIGNALS:
    // The configuration was added.
    void configurationAdded(const QNetworkConfiguration &config);
    // The configuration was removed: it is invalid but keeps its identifier. If
    // it is added again, existing values become valid again.
    void configurationRemoved(const QNetworkConfiguration &config);
    // A value of the configuration, an address or a route of its link, or its
    // rank has changed. A change of the signal strength alone is not reported.
    void configurationChanged(const QNetworkConfiguration &config);
    // isOnline() has changed.
    void onlineStateChanged(bool isOnline);
    // The scan of an updateConfigurations() has completed.
    void updateCompleted();

public:
    // Part of the implementation: follows moveToThread().
    bool event(QEvent *event) override;

private:
    Q_DISABLE_COPY(QNetworkConfigurationManager)
    friend class QNetworkConfigurationManagerPrivate;
    QNetworkConfigurationManagerPrivate *d;
};

Q_DECLARE_OPERATORS_FOR_FLAGS(QNetworkConfigurationManager::Capabilities)

NETSESSION_QT_END_NAMESPACE
NETSESSION_QT_ALIAS(QNetworkConfigurationManager)

#endif
