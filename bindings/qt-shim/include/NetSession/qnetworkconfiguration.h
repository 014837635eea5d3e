// SPDX-License-Identifier: MIT
//
// qnetworkconfiguration.h - one way onto a network, or a group of them.
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

// A value: copies are cheap and stand for the same configuration, whose state
// they all show as it is at the call. It outlives the manager that it came
// from. Every function may be called on any thread, each thread having a value
// of its own. Since 0.1.
class NETSESSION_QT_EXPORT QNetworkConfiguration
{
    Q_GADGET

public:
    // An invalid configuration, equal to every other that was made so.
    QNetworkConfiguration();
    // Another value for the same configuration.
    QNetworkConfiguration(const QNetworkConfiguration &other);
    // Takes the other's place.
    QNetworkConfiguration &operator=(QNetworkConfiguration &&other) noexcept
    {
        swap(other);
        return *this;
    }
    // Stands for the same configuration as the other from now on.
    QNetworkConfiguration &operator=(const QNetworkConfiguration &other);
    ~QNetworkConfiguration();

    // Lets both change places.
    void swap(QNetworkConfiguration &other) noexcept { qSwap(d, other.d); }

    // Equal are those that stand for the same configuration, whatever they
    // were asked of.
    bool operator==(const QNetworkConfiguration &other) const;
    inline bool operator!=(const QNetworkConfiguration &other) const { return !operator==(other); }

    // What it is.
    enum Type {
        InternetAccessPoint = 0, // one network
        ServiceNetwork,          // a group of access points, to roam in
        UserChoice,              // whatever the user will choose
        Invalid
    };
    Q_ENUM(Type)

    // What it is for.
    enum Purpose { UnknownPurpose = 0, PublicPurpose, PrivatePurpose, ServiceSpecificPurpose };
    Q_ENUM(Purpose)

    // The bits add up, so that a filter of Discovered also selects what is
    // Active. state() is exactly one of these four values.
    enum StateFlag {
        Undefined = 0x0000001,  // removed, or empty
        Defined = 0x0000002,    // known, but out of reach
        Discovered = 0x0000006, // can be opened now
        Active = 0x000000e      // up, with an address
    };
    // Exactly one of them as a state, any as a filter.
    Q_DECLARE_FLAGS(StateFlags, StateFlag)
    Q_FLAG(StateFlags)

    // The technology under it.
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

    // How far it is usable. Costs a few nanoseconds.
    StateFlags state() const;
    // Invalid once it does not exist any more.
    Type type() const;
    Purpose purpose() const;

    // The technology under an access point; BearerUnknown for a group.
    BearerType bearerType() const;
    // The same with cellular technologies folded into 2G, 3G and 4G.
    BearerType bearerTypeFamily() const;
    // "Ethernet", "WLAN" and so on; empty for a group.
    QString bearerTypeName() const;
    // What Qt 4 also called it.
    inline QString bearerName() const { return bearerTypeName(); }

    // Stable over restarts of the program and of the machine: store it, and
    // find the configuration by it again. Empty for a default-constructed value.
    QString identifier() const;
    // Whether it is a group with more than one access point that can be opened.
    bool isRoamingAvailable() const;
    // The access points of a group.
    QList<QNetworkConfiguration> children() const;

    // For people.
    QString name() const;
    // Whether it exists.
    bool isValid() const;

    // How long an attempt to open may take, in milliseconds; 30,000 by default.
    int connectTimeout() const;
    // Sets that for every user of the configuration in this process; 0
    // restores the default. False, and without effect, if the time is negative
    // or the configuration never existed.
    bool setConnectTimeout(int timeout);

private:
    friend class QNetworkConfigurationPrivate;
    QExplicitlySharedDataPointer<QNetworkConfigurationPrivate> d;
};

// Lets both change places.
inline void swap(QNetworkConfiguration &a, QNetworkConfiguration &b) noexcept
{
    a.swap(b);
}

NETSESSION_QT_END_NAMESPACE
NETSESSION_QT_ALIAS(QNetworkConfiguration)

Q_DECLARE_TYPEINFO(NETSESSION_QT_NAMESPACE QNetworkConfiguration, Q_MOVABLE_TYPE);

Q_DECLARE_METATYPE(NETSESSION_QT_NAMESPACE QNetworkConfiguration)

#endif
