// hub.cpp - from the library's queue to the signals of a thread's objects.
#include "hub.h"

#include "qnetworkconfigmanager_p.h"
#include "qnetworkconfiguration_p.h"

#include <QtCore/qabstracteventdispatcher.h>
#include <QtCore/qcoreapplication.h>
#include <QtCore/qcoreevent.h>
#include <QtCore/qhash.h>
#include <QtCore/qsocketnotifier.h>
#include <QtCore/qthread.h>
#include <algorithm>
#include <utility>

NETSESSION_QT_BEGIN_NAMESPACE

namespace {

QNetworkConfigurationManagerPrivate *const nobody = nullptr;

// Wakes its hub up when events wait.
class Notifier : public QSocketNotifier
{
public:
    Notifier(int fd, Hub *hub) : QSocketNotifier(fd, QSocketNotifier::Read, hub), m_hub(hub) { }

    bool event(QEvent *event) override
    {
        if (event->type() != QEvent::SockAct)
            return QSocketNotifier::event(event);
        m_hub->dispatch(); // may delete both
        return true;
    }

private:
    Hub *const m_hub;
};

// The hubs of all threads. Never destroyed, because static objects may outlive
// whatever is.
struct Hubs
{
    QMutex mutex;
    QHash<QThread *, std::weak_ptr<Hub>> all;
};

Hubs &hubs()
{
    static Hubs *const all = new Hubs;
    return *all;
}

QEvent::Type listenEvent()
{
    static const int type = QEvent::registerEventType();
    return QEvent::Type(type);
}

} // namespace

QEvent::Type arrivalEvent()
{
    static const int type = QEvent::registerEventType();
    return QEvent::Type(type);
}

static netsession_manager *newManager(QString *whyNot)
{
    netsession_manager *manager = nullptr;
    char why[512] = "";
    if (netsession_manager_new(nullptr, &manager, why, sizeof why) < 0) {
        *whyNot = QString::fromUtf8(why);
        qWarning("libnetsession: %s", why);
    }
    return manager;
}

// The hub of the current thread, if it has one. A thread may be gone, and its
// address be that of another one.
static std::shared_ptr<Hub> find()
{
    QThread *const thread = QThread::currentThread();
    QMutexLocker locker(&hubs().mutex);
    const std::shared_ptr<Hub> found = hubs().all.value(thread).lock();
    return found && found->thread() == thread ? found : nullptr;
}

std::shared_ptr<Hub> Hub::ofThread()
{
    const std::shared_ptr<Hub> found = find();
    if (found)
        return found;
    QString whyNot;
    const std::shared_ptr<Hub> made(new Hub(newManager(&whyNot)), &Hub::destroy);
    made->m_whyNot = whyNot;
    made->m_arrived = true;
    made->settleDown();
    return made;
}

// Becomes the hub of the current thread, unless that has one, and listens.
void Hub::settleDown()
{
    if (!find()) {
        QMutexLocker locker(&hubs().mutex);
        hubs().all.insert(thread(), weak_from_this());
    }
    listen();
}

std::shared_ptr<Hub> Hub::travelling(const QObject *object)
{
    const QObject *root = object;
    while (root->parent())
        root = root->parent();
    const std::shared_ptr<Hub> known = m_travelling.lock();
    if (known && !known->m_arrived && m_traveller == root)
        return known;
    netsession_manager *copy = nullptr;
    if (netsession_manager_copy(m_manager, &copy) < 0)
        copy = nullptr; // what is asked of it is answered as by a manager without networks
    const std::shared_ptr<Hub> made(new Hub(copy), &Hub::destroy);
    made->m_whyNot = m_whyNot;
    made->moveToThread(nullptr);
    m_travelling = made;
    m_traveller = root;
    return made;
}

void Hub::arrive()
{
    if (m_arrived.exchange(true))
        return;
    moveToThread(QThread::currentThread());
    if (!m_listening) // nobody wants what waits but for sessions
        netsession_manager_set_callbacks(m_manager, nullptr);
    settleDown();
}

// Qt calls this whenever a QCoreApplication has been made.
static void resume()
{
    Hub::resume();
}
Q_COREAPP_STARTUP_FUNCTION(resume)

void Hub::resume()
{
    const std::shared_ptr<Hub> hub = find();
    if (hub)
        hub->listen();
}

Hub::Hub(netsession_manager *owned) : m_manager(owned) { }

Hub::~Hub()
{
    delete m_notifier;
    netsession_manager_free(m_manager);
}

// The last reference may be dropped on another thread, when that of the hub has
// finished, or inside a dispatch that was nested in another.
void Hub::destroy(Hub *hub)
{
    {
        QMutexLocker locker(&hubs().mutex);
        auto found = hubs().all.find(hub->thread());
        if (found != hubs().all.end() && found->expired())
            hubs().all.erase(found);
    }
    QThread *const thread = hub->thread();
    if (!thread || thread == QThread::currentThread() || !thread->isRunning())
        delete hub;
    else
        hub->deleteLater();
}

// Where the thread has no event dispatcher yet, or has it no more, an event
// that is posted waits for the next one.
void Hub::listen()
{
    QAbstractEventDispatcher *const dispatcher = QAbstractEventDispatcher::instance(thread());
    if (m_notifier || !m_manager)
        return;
    if (!dispatcher) {
        QCoreApplication::postEvent(this, new QEvent(listenEvent()));
        return;
    }
    m_notifier = new Notifier(netsession_manager_fd(m_manager), this);
    connect(dispatcher, &QObject::destroyed, this, [this] {
        delete m_notifier;
        m_notifier = nullptr;
        listen();
    });
}

bool Hub::event(QEvent *event)
{
    if (event->type() != listenEvent())
        return QObject::event(event);
    listen();
    return true;
}

void Hub::dispatch()
{
    const std::shared_ptr<Hub> alive = weak_from_this().lock();
    if (alive)
        netsession_manager_dispatch(m_manager);
}

void Hub::join(QNetworkConfigurationManagerPrivate *listener)
{
    QMutexLocker locker(&m_mutex);
    m_listeners.append(listener);
    if (!m_listening || listener->chooser)
        setCallbacks();
    m_listening = true;
}

int Hub::leave(QNetworkConfigurationManagerPrivate *listener)
{
    QMutexLocker locker(&m_mutex);
    const int updates = int(m_updaters.count(listener));
    m_listeners.removeOne(listener);
    if (listener->chooser)
        setCallbacks();
    std::replace(m_updaters.begin(), m_updaters.end(), listener, nobody);
    return updates;
}

void Hub::update(QNetworkConfigurationManagerPrivate *listener)
{
    QMutexLocker locker(&m_mutex);
    if (netsession_manager_update_configurations(m_manager) == 0)
        m_updaters.append(listener);
}

bool Hub::isListener(QNetworkConfigurationManagerPrivate *listener)
{
    QMutexLocker locker(&m_mutex);
    return m_listeners.contains(listener);
}

// Any of them may be deleted by what another one's slots do.
template <typename Tell> void Hub::tellAll(Tell tell)
{
    QVector<QNetworkConfigurationManagerPrivate *> all;
    {
        QMutexLocker locker(&m_mutex);
        all = m_listeners;
    }
    for (QNetworkConfigurationManagerPrivate *listener : std::as_const(all))
        if (isListener(listener))
            tell(listener->q);
}

// Updates are completed in the order in which they were asked for.
void Hub::tellUpdater()
{
    QNetworkConfigurationManagerPrivate *updater = nobody;
    {
        QMutexLocker locker(&m_mutex);
        if (!m_updaters.isEmpty())
            updater = m_updaters.takeFirst();
    }
    if (updater)
        emit updater->q->updateCompleted();
}

void Hub::enter(netsession *handle, QNetworkSession *session)
{
    QMutexLocker locker(&m_mutex);
    m_sessions.insert(handle, session);
}

void Hub::withdraw(netsession *handle)
{
    QMutexLocker locker(&m_mutex);
    m_sessions.remove(handle);
}

// What is replaced is destroyed last: it may hold managers and sessions.
void Hub::setChooser(QNetworkConfigurationManagerPrivate *listener, NetSession::Chooser chooser)
{
    QMutexLocker locker(&m_mutex);
    listener->chooser.swap(chooser);
    setCallbacks();
    locker.unlock();
}

// Called with the mutex held.
NetSession::Chooser Hub::chooser()
{
    for (QNetworkConfigurationManagerPrivate *listener : std::as_const(m_listeners))
        if (listener->chooser)
            return listener->chooser;
    return {};
}

void Hub::ask(netsession *handle, netsession_configuration_list *candidates)
{
    QMutexLocker locker(&m_mutex);
    const NetSession::Chooser asked = chooser();
    QNetworkSession *const session = m_sessions.value(handle);
    locker.unlock();
    QList<QNetworkConfiguration> values;
    for (int i = 0; i < netsession_configuration_list_size(candidates); ++i)
        values += QNetworkConfigurationPrivate::copy(netsession_configuration_list_at(candidates, i));
    if (asked && session)
        asked(session, values);
}

// Called with the mutex held, on the thread that dispatches.
void Hub::setCallbacks()
{
    netsession_manager_callbacks all = NETSESSION_MANAGER_CALLBACKS_INIT;
    all.user_data = this;
    all.configuration_added = [](netsession_manager *, netsession_configuration *config, void *hub) {
        const QNetworkConfiguration value = QNetworkConfigurationPrivate::copy(config);
        static_cast<Hub *>(hub)->tellAll([&](auto *q) { emit q->configurationAdded(value); });
    };
    all.configuration_changed = [](netsession_manager *, netsession_configuration *config, void *hub) {
        const QNetworkConfiguration value = QNetworkConfigurationPrivate::copy(config);
        static_cast<Hub *>(hub)->tellAll([&](auto *q) { emit q->configurationChanged(value); });
    };
    all.configuration_removed = [](netsession_manager *, netsession_configuration *config, void *hub) {
        const QNetworkConfiguration value = QNetworkConfigurationPrivate::copy(config);
        static_cast<Hub *>(hub)->tellAll([&](auto *q) { emit q->configurationRemoved(value); });
    };
    all.online_state_changed = [](netsession_manager *, int isOnline, void *hub) {
        static_cast<Hub *>(hub)->tellAll([&](auto *q) { emit q->onlineStateChanged(isOnline == 1); });
    };
    all.update_completed = [](netsession_manager *, void *hub) {
        static_cast<Hub *>(hub)->tellUpdater();
    };
    if (chooser()) {
        all.choose = [](netsession_manager *, netsession *session, netsession_configuration_list *list,
                        void *hub) { static_cast<Hub *>(hub)->ask(session, list); };
    }
    netsession_manager_set_callbacks(m_manager, &all);
}

NETSESSION_QT_END_NAMESPACE
