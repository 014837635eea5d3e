// qnetworksession_p.h - a session's handle, and what its slots see.
#ifndef NETSESSION_QNETWORKSESSION_P_H
#define NETSESSION_QNETWORKSESSION_P_H

#include "hub.h"

#include <NetSession/qnetworksession.h>
#include <netsession_private.h>
#include <QtCore/qeventloop.h>
#include <QtCore/qhash.h>
#include <QtCore/qvector.h>


NETSESSION_QT_BEGIN_NAMESPACE

// What the slots of one signal are to see where the library is further on.
struct Told
{
    enum : unsigned char { Live = 0xFF };
    unsigned char state = Live;
    bool isOpen = false;
    unsigned char error = Live;
    QString text;

    Told *outer = nullptr; // of the signal in whose slot an event loop runs
    bool gone = false;     // a slot deleted the session, or moved it to another thread
};

// A call of waitForOpened().
struct Waiter
{
    QEventLoop *loop = nullptr;
    bool gone = false; // likewise
};

class QNetworkSessionPrivate
{
public:
    QNetworkSessionPrivate(QNetworkSession *q, const QNetworkConfiguration &configuration);
    ~QNetworkSessionPrivate();

    static netsession *handleOf(const QNetworkSession &session) { return session.d->handle; }

    // Whether the application decides about roaming.
    void setAsks(bool asks);
    // Whether an open is under way, after the calls before have been carried out.
    bool isOpening() const { return netsession_is_opening(handle) == 1; }
    // Lets a call take effect: what it changes at once can be read then, and
    // nobody waits for an open that it ended.
    void settle();
    void open();
    bool waitForOpened(int msecs);
    // Takes its place in the hub of those that move to another thread.
    void depart();

    QNetworkSession *const q;
    netsession *handle = nullptr;
    const volatile netsession_view *view = nullptr;
    const Told *told = nullptr; // while a signal is delivered
    std::shared_ptr<Hub> hub;
    const QNetworkConfiguration configuration;
    QHash<QString, QVariant> properties; // as the application set them
    bool asks = false;

private:
    Q_DISABLE_COPY(QNetworkSessionPrivate)

    void tellOpened();
    void tellClosed();
    void tellState(int state);
    void tellError(int error, const char *text);
    template <typename Emit> void tell(Told *now, Emit emitSignal);
    void see(const Told *now);
    void runLoop(int msecs, Waiter *waiter);
    void leaveFrames();

    Told *m_frames = nullptr; // of the signals that are being delivered
    bool m_wasOpened = false; // the last of opened and closed that was told
    bool m_openWaits = false; // what the last open led to was not told yet
    QVector<Waiter *> m_waiters;
};

NETSESSION_QT_END_NAMESPACE

#endif
