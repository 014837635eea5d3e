// SPDX-License-Identifier: MIT
//
// qnetworkconfigmanager.h - which networks there are, and what becomes of them.
#ifndef NETSESSION_QNETWORKCONFIGMANAGER_H
#define NETSESSION_QNETWORKCONFIGMANAGER_H

#include <NetSession/qnetworkconfiguration.h>

#include <QtCore/qobject.h>

NETSESSION_QT_BEGIN_NAMESPACE

class QNetworkConfigurationManagerPrivate;

// Managers are cheap: all of a process share what they know, and making one
// costs microseconds while there is another. The first returns with a complete
// picture of the network.
//
// Signals are delivered by the event loop of the object's thread and follow
// what changed since the manager was made; what did not change is not told. A
// manager may be deleted in any slot. Since 0.1.
class NETSESSION_QT_EXPORT QNetworkConfigurationManager : public QObject
{
    Q_OBJECT

public:
    // What can be done here.
    enum Capability {
        CanStartAndStopInterfaces = 0x00000001, // this process may
        DirectConnectionRouting = 0x00000002,   // a socket can be bound to a link
        SystemSessionSupport = 0x00000004,      // sessions of all processes count
        ApplicationLevelRoaming = 0x00000008,
        ForcedRoaming = 0x00000010,
        DataStatistics = 0x00000020,
        NetworkSessionRequired = 0x00000040 // never on Linux
    };
    Q_ENUM(Capability)

    // A set of them.
    Q_DECLARE_FLAGS(Capabilities, Capability)
    Q_FLAG(Capabilities)

    // Costs milliseconds for the first of a process, as a rule.
    explicit QNetworkConfigurationManager(QObject *parent = nullptr);
    virtual ~QNetworkConfigurationManager();

    // What can be done now, here, by this user.
    QNetworkConfigurationManager::Capabilities capabilities() const;

    // The best access point that is up and leads out, else the best that can be
    // opened, else the best that is up, else the group of all; invalid where there
    // is no access point.
    QNetworkConfiguration defaultConfiguration() const;
    // Those whose state has every one of the flags; none selects all.
    QList<QNetworkConfiguration> allConfigurations(
        QNetworkConfiguration::StateFlags flags = QNetworkConfiguration::StateFlags()) const;
    // The one with the identifier; invalid where there is none.
    QNetworkConfiguration configurationFromIdentifier(const QString &identifier) const;

    // Whether the kernel sends packets for the internet by something that is up.
    bool isOnline() const;

public Q_SLOTS:
    // Asks the system to look for networks again. updateCompleted() follows,
    // once for each call.
    void updateConfigurations();

Q_SIGNALS:
    // There is a new configuration.
    void configurationAdded(const QNetworkConfiguration &config);
    // The configuration is invalid from now on, but still has its identifier.
    // Should it come back, its values become valid again.
    void configurationRemoved(const QNetworkConfiguration &config);
    // A value of the configuration is different, or its link's addresses or
    // routes, or what ranks it. The strength of a signal alone is not told.
    void configurationChanged(const QNetworkConfiguration &config);
    // What isOnline() returns is now that.
    void onlineStateChanged(bool isOnline);
    // An updateConfigurations() is over.
    void updateCompleted();

public:
    // Part of the implementation: follows the object to another thread.
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
