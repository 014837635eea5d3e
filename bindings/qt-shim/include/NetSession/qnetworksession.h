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

// Opening a session brings its network up where it is down, closing it gives
// the network back. A session that is never opened watches its configuration.
//
// A session belongs to its object's thread. Calls return at once, and what
// comes of them arrives as signals, which the thread's event loop delivers;
// values are up to date at every call, with or without a loop. Inside a slot
// they agree with the signal. A session may be deleted in any slot, its own
// included. Since 0.1.
class NETSESSION_QT_EXPORT QNetworkSession : public QObject
{
    Q_OBJECT

public:
    // The state of a session, open or not: that of its configuration.
    enum State {
        Invalid = 0,  // the configuration does not exist
        NotAvailable, // it cannot be opened now
        Connecting,   // the network is on its way up
        Connected,    // it is up
        Closing,      // it is on its way down
        Disconnected, // it is down, and can be opened
        Roaming       // moving to another access point
    };
    Q_ENUM(State)

    // Why a session failed.
    enum SessionError {
        UnknownSessionError = 0, // none of the others; also: no error yet
        SessionAbortedError,
        RoamingError,
        OperationNotSupportedError,
        InvalidConfigurationError
    };
    Q_ENUM(SessionError)

    // How a session should be used.
    enum UsagePolicy {
        NoPolicy = 0,
        NoBackgroundTrafficPolicy = 1 // the network costs by volume
    };
    Q_ENUM(UsagePolicy)

    // A set of them.
    Q_DECLARE_FLAGS(UsagePolicies, UsagePolicy)
    Q_FLAG(UsagePolicies)

    // A session that is not open. The configuration may be invalid.
    explicit QNetworkSession(const QNetworkConfiguration &connConfig, QObject *parent = nullptr);
    // Releases what the session held, as close() does, without a signal.
    virtual ~QNetworkSession();

    // Whether the session is open: true between opened() and closed().
    bool isOpen() const;
    // The one that the session was made on.
    QNetworkConfiguration configuration() const;
    // The link in use; invalid unless Connected. It follows roaming.
    QNetworkInterface interface() const;

    // Costs a few nanoseconds.
    State state() const;
    // The last error, in words too; for a session that never failed
    // InvalidConfigurationError if its configuration did not exist when it was
    // made, else UnknownSessionError, and no words.
    SessionError error() const;
    QString errorString() const;
    // Known keys, besides which any other keeps a value for the application:
    //   ActiveConfiguration      identifier of the access point in use, empty
    //                            unless open; read-only
    //   UserChoiceConfiguration  identifier of what a user choice led to, empty
    //                            unless open; read-only
    //   ConnectInBackground      true: nobody is asked to choose
    //   AutoCloseSessionTimeout  milliseconds after which an open session
    //                            closes by itself, once; -1, the default, never
    QVariant sessionProperty(const QString &key) const;
    // An invalid value removes the key, or restores its default. Setting a
    // read-only key does nothing.
    void setSessionProperty(const QString &key, const QVariant &value);

    // The bytes that crossed the link since it came into being, read from the
    // kernel at the call; 0 unless Connected.
    quint64 bytesWritten() const;
    quint64 bytesReceived() const;
    // Seconds since the configuration became Active; 0 while it is not.
    quint64 activeTime() const;

    // How the session should be used now.
    QNetworkSession::UsagePolicies usagePolicies() const;

    // Runs a local event loop until an open() that is under way is over, for
    // at most msecs milliseconds, or without a bound if that is negative. At
    // once true if the session is open, and false if no open is under way.
    // Returns whether the session is open then. The session may be deleted
    // meanwhile, and it is false then.
    bool waitForOpened(int msecs = 30000);

public Q_SLOTS:
    // Brings the network up if it is down: opened(), or error().
    void open();
    // Ends the use of it: closed(). The network goes down if a session had
    // started it and no other session, of any process of the user, is open.
    void close();
    // Takes the network down, whoever uses it: every session that is open on
    // it gets closed() and error(SessionAbortedError). This one need not be.
    void stop();

    // The answers to preferredConfigurationChanged(): move to what it offers,
    // or decline it.
    void migrate();
    void ignore();
    // The answers to newConfigurationActivated() after migrate(): stay on the
    // new access point, or go back to the previous one.
    void accept();
    void reject();

Q_SIGNALS:
    // The state is now that.
    void stateChanged(QNetworkSession::State);
    // The session is open: its network is up, and it counts as a user of it.
    void opened();
    // It is open no more: by close(), or because of an error, which follows.
    void closed();
    // What failed; errorString() says why.
    void error(QNetworkSession::SessionError);
    // A better access point is in reach. While something is connected to this
    // signal, the application decides about roaming; else the library does.
    // isSeamless: the local address of open sockets survives the move.
    void preferredConfigurationChanged(const QNetworkConfiguration &config, bool isSeamless);
    // The session uses the new access point. After a migrate(), answer with
    // accept() or reject().
    void newConfigurationActivated();
    // How the session should be used is now that.
    void usagePoliciesChanged(QNetworkSession::UsagePolicies usagePolicies);

public:
    // Part of the implementation: follows the object to another thread.
    bool event(QEvent *event) override;

protected:
    // Part of the implementation: who listens decides about roaming.
    virtual void connectNotify(const QMetaMethod &signal) override;
    virtual void disconnectNotify(const QMetaMethod &signal) override;

private:
    Q_DISABLE_COPY(QNetworkSession)
    friend class QNetworkSessionPrivate;
    QNetworkSessionPrivate *d;
    // Where state() and isOpen() look: at what the library shows, or in a slot
    // at what its signal told.
    const volatile unsigned char *m_state;
    const volatile bool *m_isOpen;
};

NETSESSION_QT_END_NAMESPACE
NETSESSION_QT_ALIAS(QNetworkSession)

Q_DECLARE_METATYPE(NETSESSION_QT_NAMESPACE QNetworkSession::State)
Q_DECLARE_METATYPE(NETSESSION_QT_NAMESPACE QNetworkSession::SessionError)
Q_DECLARE_METATYPE(NETSESSION_QT_NAMESPACE QNetworkSession::UsagePolicies)

#endif
