// SPDX-License-Identifier: MIT
//
// qnetworkconfiguration.h - an access point, or a group of access points.
#ifndef NETSESSION_QNETWORKCONFIGURATION_H
#define NETSESSION_QNETWORKCONFIGURATION_H

#include <NetSession/netsessionqtglobal.h>

#include <QtCore/qlist.h>
#include <QtCore/qmetatype.h>
#include <QtCore/qobjectdefs.h>
#include <QtCore/qshareddata.h>
#include <QtCore/qstring.h>

NETSESSION_QT_BEGIN_NAMESPACE

class QNetworkConfigurationPrivate;

// A value class: copies are cheap and refer to the same configuration. Getters
// return the current state of the configuration. A value may outlive the manager
// that returned it. All functions are reentrant: each thread needs a value of its
// own. Since 0.1.
class NETSESSION_QT_EXPORT QNetworkConfiguration
{
    Q_GADGET

public:
    // An invalid configuration. All default-constructed values are equal.
    QNetworkConfiguration();
    // Refers to the same configuration as other.
    QNetworkConfiguration(const QNetworkConfiguration &other);
    // Moves other into this value.
    QNetworkConfiguration &operator=(QNetworkConfiguration &&other) noexcept
    {
        swap(other);
        return *this;
    }
    // Makes this value refer to the same configuration as other.
    QNetworkConfiguration &operator=(const QNetworkConfiguration &other);
    ~QNetworkConfiguration();

    // Swaps both values.
    void swap(QNetworkConfiguration &other) noexcept { qSwap(d, other.d); }

    // Values are equal if they refer to the same configuration, also if
    // different managers returned them.
    bool operator==(const QNetworkConfiguration &other) const;
    inline bool operator!=(const QNetworkConfiguration &other) const { return !operator==(other); }

    // The kind of configuration.
    enum Type {
        InternetAccessPoint = 0, // one network
        ServiceNetwork,          // a group of access points, to roam in
        UserChoice,              // the user chooses when a session is opened
        Invalid
    };
    Q_ENUM(Type)

    // The purpose of the network.
    enum Purpose { UnknownPurpose = 0, PublicPurpose, PrivatePurpose, ServiceSpecificPurpose };
    Q_ENUM(Purpose)

    // Each state includes the bits of the states below it: the filter Discovered
    // also selects configurations that are Active. state() is exactly one of
    // these four values.
    enum StateFlag {
        Undefined = 0x0000001,  // removed, or empty
        Defined = 0x0000002,    // known, but out of reach
        Discovered = 0x0000006, // can be opened now
        Active = 0x000000e      // up, with an address
    };
    // A state has exactly one of these values, a filter any combination.
    Q_DECLARE_FLAGS(StateFlags, StateFlag)
    Q_FLAG(StateFlags)

    // The technology of the link.
    enum BearerType {
        BearerUnknown,
        BearerEthernet,
        BearerWLAN,
        Bearer2G,
        BearerCDMA2000,
        BearerWCDMA,
        BearerHSPA,
        BearerBluetooth,
        BearerWiMAX,
        BearerEVDO,
        BearerLTE,
        Bearer3G,
        Bearer4G
    };
    Q_ENUM(BearerType)

    // The current state. The call costs a few nanoseconds.
    StateFlags state() const;
    // Invalid after the configuration was removed.
    Type type() const;
    Purpose purpose() const;

    // The technology of an access point's link; BearerUnknown for a group.
    BearerType bearerType() const;
    // The same, with the cellular technologies reduced to 2G, 3G and 4G.
    BearerType bearerTypeFamily() const;
    // "Ethernet", "WLAN" and so on; empty for a group.
    QString bearerTypeName() const;
    // The same under its name in Qt 4.
    inline QString bearerName() const { return bearerTypeName(); }

    // Stable across restarts of the program and of the machine: a program may
    // store it and look the configuration up by it later. Empty for a
    // default-constructed value.
    QString identifier() const;
    // Whether this is a group with several access points that can be opened.
    bool isRoamingAvailable() const;
    // The access points of a group.
    QList<QNetworkConfiguration> children() const;

    // The name to display.
    QString name() const;
    // Whether the configuration exists.
    bool isValid() const;

    // The timeout of an open() in milliseconds; 30,000 by default.
    int connectTimeout() const;
    // Sets the timeout for every user of the configuration in this process; 0
    // restores the default. Returns false and changes nothing if the timeout is
    // negative or the configuration never existed.
    bool setConnectTimeout(int timeout);

private:
    friend class QNetworkConfigurationPrivate;
    QExplicitlySharedDataPointer<QNetworkConfigurationPrivate> d;
};

// Swaps both values.
inline void swap(QNetworkConfiguration &a, QNetworkConfiguration &b) noexcept
{
    a.swap(b);
}

NETSESSION_QT_END_NAMESPACE
NETSESSION_QT_ALIAS(QNetworkConfiguration)

Q_DECLARE_TYPEINFO(NETSESSION_QT_NAMESPACE QNetworkConfiguration, Q_MOVABLE_TYPE);

Q_DECLARE_METATYPE(NETSESSION_QT_NAMESPACE QNetworkConfiguration)

#endif
