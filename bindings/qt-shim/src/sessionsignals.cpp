// sessionsignals.cpp - from the library's callbacks to a session's signals.
#include "qnetworkconfiguration_p.h"
#include "qnetworksession_p.h"

#include <QtCore/qcoreapplication.h>
#include <QtCore/qthread.h>
#include <QtCore/qtimer.h>
#include <utility>

NETSESSION_QT_BEGIN_NAMESPACE

QNetworkSessionPrivate::QNetworkSessionPrivate(QNetworkSession *q, const QNetworkConfiguration &c)
    : q(q), hub(Hub::ofThread()), configuration(c)
{
    netsession_configuration *config = QNetworkConfigurationPrivate::handleOf(c);
    netsession_configuration *none = nullptr;
    if (!config)
        netsession_manager_configuration_from_identifier(hub->manager(), "", &none);
    if (netsession_new(hub->manager(), config ? config : none, &handle) < 0)
        handle = nullptr; // what is asked of it is answered as by a session that does not exist
    netsession_configuration_free(none);
    view = netsession_view_of(handle);
    see(nullptr);
    hub->enter(handle, q);
    setAsks(false);
}

QNetworkSessionPrivate::~QNetworkSessionPrivate()
{
    hub->withdraw(handle);
    netsession_free(handle);
    leaveFrames();
}

void QNetworkSessionPrivate::depart()
{
    leaveFrames();
    hub->withdraw(handle);
    hub = hub->travelling(q);
    hub->enter(handle, q);
    netsession_set_manager(handle, hub->manager());
}

// Tells the calls that are under way on this thread that they have no session
// any more.
void QNetworkSessionPrivate::leaveFrames()
{
    for (Told *frame = m_frames; frame; frame = frame->outer)
        frame->gone = true;
    for (Waiter *waiter : std::as_const(m_waiters)) {
        waiter->gone = true;
        if (waiter->loop)
            waiter->loop->quit();
    }
    m_frames = nullptr;
    see(nullptr);
    m_waiters.clear();
}

void QNetworkSessionPrivate::setAsks(bool application)
{
    using Private = QNetworkSessionPrivate;
    netsession_callbacks all = NETSESSION_CALLBACKS_INIT;
    all.user_data = this;
    all.opened = [](netsession *, void *d) { static_cast<Private *>(d)->tellOpened(); };
    all.closed = [](netsession *, void *d) { static_cast<Private *>(d)->tellClosed(); };
    all.state_changed = [](netsession *, netsession_state_t state, void *d) {
        static_cast<Private *>(d)->tellState(state);
    };
    all.error = [](netsession *, netsession_error_t error, const char *text, void *d) {
        static_cast<Private *>(d)->tellError(error, text);
    };
    all.new_configuration_activated = [](netsession *, void *d) {
        Told now;
        static_cast<Private *>(d)->tell(&now, [](auto *q) { emit q->newConfigurationActivated(); });
    };
    all.usage_policies_changed = [](netsession *, unsigned bits, void *d) {
        const auto policies = QNetworkSession::UsagePolicies(QFlag(int(bits)));
        Told now;
        static_cast<Private *>(d)->tell(&now, [=](auto *q) { emit q->usagePoliciesChanged(policies); });
    };
    if (application) {
        all.preferred_configuration_changed = [](netsession *, netsession_configuration *config,
                                                 int isSeamless, void *d) {
            const QNetworkConfiguration value = QNetworkConfigurationPrivate::copy(config);
            Told now;
            static_cast<Private *>(d)->tell(&now, [&](auto *q) {
                emit q->preferredConfigurationChanged(value, isSeamless == 1);
            });
        };
    }
    asks = application;
    netsession_set_callbacks(handle, &all);
}

void QNetworkSessionPrivate::tellOpened()
{
    Told now;
    now.state = QNetworkSession::Connected;
    m_wasOpened = true;
    m_openWaits = false;
    tell(&now, [](auto *q) { emit q->opened(); });
}

void QNetworkSessionPrivate::tellClosed()
{
    Told now;
    m_wasOpened = false;
    m_openWaits = false;
    tell(&now, [](auto *q) { emit q->closed(); });
}

void QNetworkSessionPrivate::tellState(int state)
{
    Told now;
    now.state = static_cast<unsigned char>(state);
    tell(&now, [state](auto *q) { emit q->stateChanged(QNetworkSession::State(state)); });
}

void QNetworkSessionPrivate::tellError(int error, const char *text)
{
    Told now;
    now.error = static_cast<unsigned char>(error);
    now.text = QString::fromUtf8(text);
    m_openWaits = false;
    tell(&now, [error](auto *q) { emit q->error(QNetworkSession::SessionError(error)); });
}

// Lets the slots of a signal run, which may delete the session, or run an event
// loop that delivers further signals: what this one told is over then.
template <typename Emit> void QNetworkSessionPrivate::tell(Told *now, Emit emitSignal)
{
    now->isOpen = m_wasOpened;
    now->outer = m_frames;
    m_frames = now;
    see(now);
    emitSignal(q);
    if (now->gone)
        return;
    m_frames = now->outer;
    see(nullptr);
    if (!m_waiters.isEmpty())
        settle();
}

// The library shows 1 or 0.
static const volatile bool *asBool(const volatile uint8_t *shown)
{
    static_assert(sizeof(bool) == sizeof *shown, "they look alike");
    return reinterpret_cast<const volatile bool *>(shown);
}

// Lets the getters tell what a signal told, or what is so now.
void QNetworkSessionPrivate::see(const Told *now)
{
    told = now;
    q->m_state = now && now->state != Told::Live ? &now->state : &view->state;
    q->m_isOpen = now ? &now->isOpen : asBool(&view->is_open);
}

void QNetworkSessionPrivate::open()
{
    if (netsession_is_open(handle) != 1)
        m_openWaits = true;
    netsession_open(handle);
    settle();
}

void QNetworkSessionPrivate::settle()
{
    if (isOpening())
        return;
    for (Waiter *waiter : std::as_const(m_waiters))
        if (waiter->loop)
            waiter->loop->quit();
}

// When it returns the signals that tell the outcome have been delivered.
bool QNetworkSessionPrivate::waitForOpened(int msecs)
{
    if (q->thread() != QThread::currentThread())
        return netsession_wait_for_opened(handle, msecs) == 1;
    const std::shared_ptr<Hub> keep = hub;
    const bool isAwaited = m_openWaits;
    Waiter waiter;
    m_waiters.append(&waiter);
    if (!QCoreApplication::instance())
        netsession_wait_for_opened(handle, msecs);
    else if (isOpening())
        runLoop(msecs, &waiter);
    if (!waiter.gone && isAwaited && !isOpening())
        keep->dispatch();
    if (waiter.gone)
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
