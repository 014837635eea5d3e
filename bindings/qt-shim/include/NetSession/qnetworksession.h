// SPDX-License-Identifier: MIT
//
// qnetworksession.h - an application's use of a network.
#ifndef NETSESSION_QNETWORKSESSION_H
#define NETSESSION_QNETWORKSESSION_H

#include <NetSession/qnetworkconfiguration.h>

#include <QtCore/qobject.h>
#include <QtCore/qstring.h>
#include <QtCore/qvariant.h>
#include <QtNetwork/qnetworkinterface.h>

NETSESSION_QT_BEGIN_NAMESPACE

class QNetworkSessionPrivate;

// open() brings the network up if it is down; close() releases the network. A
// session that is never opened monitors its configuration.
//
// Use a session on its object's thread. Calls return immediately; the event loop
// of the thread delivers their results as signals. Getters return current values
// at every call, with or without an event loop; inside a slot they match the
// signal. A session may be deleted in any slot, also in a slot of its own signal.
// Since 0.1.
class NETSESSION_QT_EXPORT QNetworkSession : public QObject
{
    Q_OBJECT

public:
    // The state of the session's configuration, whether the session is open or not.
    enum State {
        Invalid = 0,  // the configuration does not exist
        NotAvailable, // the configuration cannot be opened now
        Connecting,   // the network is being brought up
        Connected,    // the network is up
        Closing,      // the network is being taken down
        Disconnected, // the network is down and can be opened
        Roaming       // moving to another access point
    };
    Q_ENUM(State)

    // The reason of a failure.
    enum SessionError {
        UnknownSessionError = 0, // none of the others; also: no error yet
        SessionAbortedError,
        RoamingError,
        OperationNotSupportedError,
        InvalidConfigurationError
    };
    Q_ENUM(SessionError)

    // How the application should use the session.
    enum UsagePolicy {
        NoPolicy = 0,
        NoBackgroundTrafficPolicy = 1 // the network is metered
    };
    Q_ENUM(UsagePolicy)

    // A combination of policies.
    Q_DECLARE_FLAGS(UsagePolicies, UsagePolicy)
    Q_FLAG(UsagePolicies)

    // Creates a session that is not open. The configuration may be invalid.
    explicit QNetworkSession(const QNetworkConfiguration &connConfig, QObject *parent = nullptr);
    // Closes the session as close() does, without signals.
    virtual ~QNetworkSession();

    // Whether the session is open: true between opened() and closed().
    bool isOpen() const;
    // The configuration that was passed to the constructor.
    QNetworkConfiguration configuration() const;
    // The link in use, also after roaming; invalid unless Connected.
    QNetworkInterface interface() const;

    // The current state. The call costs a few nanoseconds.
    State state() const;
    // The last error, and its text. A session that never failed returns
    // InvalidConfigurationError if its configuration did not exist when the session
    // was created, else UnknownSessionError; its text is empty.
    SessionError error() const;
    QString errorString() const;
    // The session uses the keys below. Any other key stores a value for the
    // application.
    //   ActiveConfiguration      identifier of the access point in use, empty
    //                            unless open; read-only
    //   UserChoiceConfiguration  identifier of the configuration that the user
    //                            chose, empty unless open; read-only
    //   ConnectInBackground      true: the user is not asked to choose
    //   AutoCloseSessionTimeout  milliseconds after which an open session closes
    //                            itself, once; -1, the default: never
    QVariant sessionProperty(const QString &key) const;
    // An invalid value removes the key, or restores its default. Setting a
    // read-only key does nothing.
    void setSessionProperty(const QString &key, const QVariant &value);

    // The bytes that the link has sent and received since it was created, read
    // from the kernel at the call; 0 unless Connected.
    quint64 bytesWritten() const;
    quint64 bytesReceived() const;
    // Seconds since the configuration became Active; 0 while it is not.
    quint64 activeTime() const;

    // How the application should use the session now.
    QNetworkSession::UsagePolicies usagePolicies() const;

    // Runs a local event loop until a pending open() has finished, for at most
    // msecs milliseconds; a negative value means no timeout. Returns whether the
    // session is open. Returns immediately if the session is open or no open()
    // is pending. Returns false if the session was deleted while waiting.
    bool waitForOpened(int msecs = 30000);

public Q_SLOTS:
    // Brings the network up if it is down. Emits opened() or error().
    void open();
    // Releases the network. Emits closed(). The network is taken down if a session
    // had brought it up and no other session of the user, in any process, is open.
    void close();
    // Takes the network down, also if other sessions use it: every session that is
    // open on it emits closed() and error(SessionAbortedError). This session need
    // not be open.
    void stop();

    // The answers to preferredConfigurationChanged(): move to the offered access
    // point, or decline the offer.
    void migrate();
    void ignore();
    // The answers to newConfigurationActivated() after migrate(): stay on the
    // new access point, or go back to the previous one.
    void accept();
    void reject();

Q_SIGNALS:
    // The state has changed.
    void stateChanged(QNetworkSession::State);
    // The session is open: the network is up, and the session uses it.
    void opened();
    // The session is closed, by close() or by an error; error() follows then.
    void closed();
    // The session failed; errorString() explains why.
    void error(QNetworkSession::SessionError);
    // A better access point is available. While a slot is connected to this
    // signal, the application decides about roaming; otherwise the library does.
    // isSeamless: open sockets keep their local address.
    void preferredConfigurationChanged(const QNetworkConfiguration &config, bool isSeamless);
    // The session uses the new access point. After migrate(), answer with
    // accept() or reject().
    void newConfigurationActivated();
    // usagePolicies() has changed.
    void usagePoliciesChanged(QNetworkSession::UsagePolicies usagePolicies);

public:
    // Part of the implementation: follows moveToThread().
    bool event(QEvent *event) override;

protected:
    // Part of the implementation: connections to preferredConfigurationChanged()
    // select who decides about roaming.
    virtual void connectNotify(const QMetaMethod &signal) override;
    virtual void disconnectNotify(const QMetaMethod &signal) override;

private:
    Q_DISABLE_COPY(QNetworkSession)
    friend class QNetworkSessionPrivate;
    QNetworkSessionPrivate *d;
    // state() and isOpen() read these: they point to the library's current values
    // or, inside a slot, to the values of the signal.
    const volatile unsigned char *m_state;
    const volatile bool *m_isOpen;
};

NETSESSION_QT_END_NAMESPACE
NETSESSION_QT_ALIAS(QNetworkSession)

Q_DECLARE_METATYPE(NETSESSION_QT_NAMESPACE QNetworkSession::State)
Q_DECLARE_METATYPE(NETSESSION_QT_NAMESPACE QNetworkSession::SessionError)
Q_DECLARE_METATYPE(NETSESSION_QT_NAMESPACE QNetworkSession::UsagePolicies)

#endif
