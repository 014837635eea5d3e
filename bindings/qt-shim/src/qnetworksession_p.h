// qnetworksession_p.h - a session's handle, and the values that its slots see.
#ifndef NETSESSION_QNETWORKSESSION_P_H
#define NETSESSION_QNETWORKSESSION_P_H

#include "dispatcher.h"

#include <NetSession/qnetworksession.h>
#include <netsession_private.h>
#include <QtCore/qeventloop.h>
#include <QtCore/qhash.h>
#include <QtCore/qvector.h>


NETSESSION_QT_BEGIN_NAMESPACE

// The values that the getters return in the slots of one signal. They match the
// signal even if the library has newer values. Lives on the stack of the emission.
struct SignalFrame
{
    enum : unsigned char { Live = 0xFF }; // the getter asks the library
    unsigned char state = Live;
    bool isOpen = false;
    unsigned char error = Live;
    QString errorString;

    SignalFrame *outer = nullptr; // the emission in whose slot an event loop runs
    bool sessionGone = false;     // a slot deleted the session, or moved it to another thread
};

// A call of waitForOpened(), on its stack.
struct Waiter
{
    QEventLoop *loop = nullptr; // null while no loop runs
    bool sessionGone = false;   // as in SignalFrame
};

// Used on the session's thread only; movedFromThread() changes the thread.
class QNetworkSessionPrivate
{
public:
    QNetworkSessionPrivate(QNetworkSession *q, const QNetworkConfiguration &configuration);
    ~QNetworkSessionPrivate();

    static netsession *handleOf(const QNetworkSession &session) { return session.d->handle; }

    // Whether the application decides about roaming.
    void setApplicationRoaming(bool enabled);
    // Whether an open is pending after all previous calls have been carried out.
    bool isOpening() const { return netsession_is_opening(handle) == 1; }
    // Waits until the library has carried out a call, so that the getters show its
    // immediate effect, and ends the waits for an open that the call ended.
    void syncAndWakeWaiters();
    void open();
    bool waitForOpened(int msecs);
    // Lets the dispatcher for the new thread deliver the session's events.
    void movedFromThread();

    QNetworkSession *const q;
    netsession *handle = nullptr;
    const volatile netsession_view *view = nullptr;
    const SignalFrame *frame = nullptr; // source of the getters' values; null outside emissions
    std::shared_ptr<Dispatcher> dispatcher;
    const QNetworkConfiguration configuration;
    QHash<QString, QVariant> properties; // as the application set them
    bool hasApplicationRoaming = false;

private:
    Q_DISABLE_COPY(QNetworkSessionPrivate)

    void emitOpened();
    void emitClosed();
    void emitStateChanged(int state);
    void emitError(int error, const char *errorString);
    template <typename Emit> void emitInFrame(SignalFrame *current, Emit emitSignal);
    void showFrame(const SignalFrame *current);
    void runLoop(int msecs, Waiter *waiter);
    void abandonStackFrames();

    SignalFrame *m_frames = nullptr; // the running emissions, innermost first
    bool m_reportedOpen = false;     // opened() was emitted more recently than closed()
    bool m_openPending = false;      // the result of the last open() is not reported yet
    QVector<Waiter *> m_waiters;
};

NETSESSION_QT_END_NAMESPACE

#endif
