// sessionsignals.cpp - turns the library's callbacks into a session's signals.
#include "qnetworkconfiguration_p.h"
#include "qnetworksession_p.h"

#include <QtCore/qcoreapplication.h>
#include <QtCore/qthread.h>
#include <QtCore/qtimer.h>
#include <utility>

NETSESSION_QT_BEGIN_NAMESPACE

QNetworkSessionPrivate::QNetworkSessionPrivate(QNetworkSession *q, const QNetworkConfiguration &c)
    : q(q), dispatcher(Dispatcher::forCurrentThread()), configuration(c)
{
    netsession_configuration *config = QNetworkConfigurationPrivate::handleOf(c);
    netsession_configuration *none = nullptr;
    if (!config)
        netsession_manager_configuration_from_identifier(dispatcher->manager(), "", &none);
    if (netsession_new(dispatcher->manager(), config ? config : none, &handle) < 0)
        handle = nullptr; // the library's functions accept NULL, as a session without a network
    netsession_configuration_free(none);
    view = netsession_view_of(handle);
    showFrame(nullptr);
    dispatcher->addSession(handle, q);
    setApplicationRoaming(false);
}

QNetworkSessionPrivate::~QNetworkSessionPrivate()
{
    dispatcher->removeSession(handle);
    netsession_free(handle);
    abandonStackFrames();
}

void QNetworkSessionPrivate::movedFromThread()
{
    abandonStackFrames();
    dispatcher->removeSession(handle);
    dispatcher = dispatcher->movedFromThread(q);
    dispatcher->addSession(handle, q);
    netsession_set_manager(handle, dispatcher->manager());
}

// Marks the emissions and waits on this thread's stack, which must not use the
// session after this call.
void QNetworkSessionPrivate::abandonStackFrames()
{
    for (SignalFrame *each = m_frames; each; each = each->outer)
        each->sessionGone = true;
    for (Waiter *waiter : std::as_const(m_waiters)) {
        waiter->sessionGone = true;
        if (waiter->loop)
            waiter->loop->quit();
    }
    m_frames = nullptr;
    showFrame(nullptr);
    m_waiters.clear();
}

void QNetworkSessionPrivate::setApplicationRoaming(bool enabled)
{
    using Private = QNetworkSessionPrivate;
    netsession_callbacks all = NETSESSION_CALLBACKS_INIT;
    all.user_data = this;
    all.opened = [](netsession *, void *d) { static_cast<Private *>(d)->emitOpened(); };
    all.closed = [](netsession *, void *d) { static_cast<Private *>(d)->emitClosed(); };
    all.state_changed = [](netsession *, netsession_state_t state, void *d) {
        static_cast<Private *>(d)->emitStateChanged(state);
    };
    all.error = [](netsession *, netsession_error_t error, const char *errorString, void *d) {
        static_cast<Private *>(d)->emitError(error, errorString);
    };
    all.new_configuration_activated = [](netsession *, void *d) {
        SignalFrame current;
        static_cast<Private *>(d)->emitInFrame(&current, [](auto *q) { emit q->newConfigurationActivated(); });
    };
    all.usage_policies_changed = [](netsession *, unsigned bits, void *d) {
        const auto policies = QNetworkSession::UsagePolicies(QFlag(int(bits)));
        SignalFrame current;
        static_cast<Private *>(d)->emitInFrame(&current, [=](auto *q) { emit q->usagePoliciesChanged(policies); });
    };
    if (enabled) {
        all.preferred_configuration_changed = [](netsession *, netsession_configuration *config,
                                                 int isSeamless, void *d) {
            const QNetworkConfiguration value = QNetworkConfigurationPrivate::fromBorrowed(config);
            SignalFrame current;
            static_cast<Private *>(d)->emitInFrame(&current, [&](auto *q) {
                emit q->preferredConfigurationChanged(value, isSeamless == 1);
            });
        };
    }
    hasApplicationRoaming = enabled;
    netsession_set_callbacks(handle, &all);
}

void QNetworkSessionPrivate::emitOpened()
{
    SignalFrame current;
    current.state = QNetworkSession::Connected;
    m_reportedOpen = true;
    m_openPending = false;
    emitInFrame(&current, [](auto *q) { emit q->opened(); });
}

void QNetworkSessionPrivate::emitClosed()
{
    SignalFrame current;
    m_reportedOpen = false;
    m_openPending = false;
    emitInFrame(&current, [](auto *q) { emit q->closed(); });
}

void QNetworkSessionPrivate::emitStateChanged(int state)
{
    SignalFrame current;
    current.state = static_cast<unsigned char>(state);
    emitInFrame(&current, [state](auto *q) { emit q->stateChanged(QNetworkSession::State(state)); });
}

void QNetworkSessionPrivate::emitError(int error, const char *errorString)
{
    SignalFrame current;
    current.error = static_cast<unsigned char>(error);
    current.errorString = QString::fromUtf8(errorString);
    m_openPending = false;
    emitInFrame(&current, [error](auto *q) { emit q->error(QNetworkSession::SessionError(error)); });
}

// A slot may delete the session, or run an event loop that emits further signals:
// the getters ask the library after such a signal, even in a slot of the outer one.
template <typename Emit> void QNetworkSessionPrivate::emitInFrame(SignalFrame *current, Emit emitSignal)
{
    current->isOpen = m_reportedOpen;
    current->outer = m_frames;
    m_frames = current;
    showFrame(current);
    emitSignal(q);
    if (current->sessionGone)
        return;
    m_frames = current->outer;
    showFrame(nullptr);
    if (!m_waiters.isEmpty())
        syncAndWakeWaiters();
}

// The library stores 1 or 0.
static const volatile bool *asBool(const volatile uint8_t *value)
{
    static_assert(sizeof(bool) == sizeof *value, "one byte each");
    return reinterpret_cast<const volatile bool *>(value);
}

// Points the getters to the values of a frame or, if it is null, of the library.
void QNetworkSessionPrivate::showFrame(const SignalFrame *current)
{
    frame = current;
    q->m_state = current && current->state != SignalFrame::Live ? &current->state : &view->state;
    q->m_isOpen = current ? &current->isOpen : asBool(&view->is_open);
}

void QNetworkSessionPrivate::open()
{
    if (netsession_is_open(handle) != 1)
        m_openPending = true;
    netsession_open(handle);
    syncAndWakeWaiters();
}

void QNetworkSessionPrivate::syncAndWakeWaiters()
{
    if (isOpening())
        return;
    for (Waiter *waiter : std::as_const(m_waiters))
        if (waiter->loop)
            waiter->loop->quit();
}

// The signals that report the result are emitted before the function returns.
bool QNetworkSessionPrivate::waitForOpened(int msecs)
{
    if (q->thread() != QThread::currentThread())
        return netsession_wait_for_opened(handle, msecs) == 1;
    const std::shared_ptr<Dispatcher> kept = dispatcher; // a slot may delete the session
    const bool wasPending = m_openPending;
    Waiter waiter;
    m_waiters.append(&waiter);
    if (!QCoreApplication::instance())
        netsession_wait_for_opened(handle, msecs);
    else if (isOpening())
        runLoop(msecs, &waiter);
    if (!waiter.sessionGone && wasPending && !isOpening())
        kept->dispatch();
    if (waiter.sessionGone)
        return false;
    m_waiters.removeOne(&waiter);
    return q->isOpen();
}

void QNetworkSessionPrivate::runLoop(int msecs, Waiter *waiter)
{
    QEventLoop loop;
    waiter->loop = &loop;
    if (msecs >= 0)
        QTimer::singleShot(msecs, &loop, &QEventLoop::quit);
    loop.exec();
    waiter->loop = nullptr;
}

NETSESSION_QT_END_NAMESPACE
