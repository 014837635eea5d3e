// dispatcher.cpp - turns the library's queued events into signals of a thread's objects.
#include "dispatcher.h"

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

QNetworkConfigurationManagerPrivate *const removedListener = nullptr;

// Calls dispatch() when the library's descriptor is readable.
class Notifier : public QSocketNotifier
{
public:
    Notifier(int fd, Dispatcher *dispatcher)
        : QSocketNotifier(fd, QSocketNotifier::Read, dispatcher), m_dispatcher(dispatcher)
    {
    }

    bool event(QEvent *event) override
    {
        if (event->type() != QEvent::SockAct)
            return QSocketNotifier::event(event);
        m_dispatcher->dispatch(); // may delete both
        return true;
    }

private:
    Dispatcher *const m_dispatcher;
};

// The dispatchers of all threads. Never destroyed, because static objects use the
// registry in their destructors.
struct Registry
{
    QMutex mutex;
    QHash<QThread *, std::weak_ptr<Dispatcher>> dispatchers;
};

Registry &registry()
{
    static Registry *const all = new Registry;
    return *all;
}

QEvent::Type attachEvent()
{
    static const int type = QEvent::registerEventType();
    return QEvent::Type(type);
}

} // namespace

QEvent::Type movedToThreadEvent()
{
    static const int type = QEvent::registerEventType();
    return QEvent::Type(type);
}

static netsession_manager *newManager(QString *errorString)
{
    netsession_manager *manager = nullptr;
    char why[512] = "";
    if (netsession_manager_new(nullptr, &manager, why, sizeof why) < 0) {
        *errorString = QString::fromUtf8(why);
        qWarning("libnetsession: %s", why);
    }
    return manager;
}

// The current thread's dispatcher, if there is one. The entry may belong to
// a finished thread that had the same address.
static std::shared_ptr<Dispatcher> find()
{
    QThread *const thread = QThread::currentThread();
    QMutexLocker locker(&registry().mutex);
    const std::shared_ptr<Dispatcher> found = registry().dispatchers.value(thread).lock();
    return found && found->thread() == thread ? found : nullptr;
}

std::shared_ptr<Dispatcher> Dispatcher::forCurrentThread()
{
    const std::shared_ptr<Dispatcher> found = find();
    if (found)
        return found;
    QString errorString;
    const std::shared_ptr<Dispatcher> made(new Dispatcher(newManager(&errorString)),
                                           &Dispatcher::destroy);
    made->m_errorString = errorString;
    made->m_hasThread = true;
    made->registerForCurrentThread();
    return made;
}

// A thread keeps its registered dispatcher; this dispatcher delivers in addition to it.
void Dispatcher::registerForCurrentThread()
{
    if (!find()) {
        QMutexLocker locker(&registry().mutex);
        registry().dispatchers.insert(thread(), weak_from_this());
    }
    attach();
}

std::shared_ptr<Dispatcher> Dispatcher::movedFromThread(const QObject *object)
{
    const QObject *root = object;
    while (root->parent())
        root = root->parent();
    const std::shared_ptr<Dispatcher> known = m_movedCopy.lock();
    if (known && !known->m_hasThread && m_movedRoot == root)
        return known;
    netsession_manager *copy = nullptr;
    if (netsession_manager_copy(m_manager, &copy) < 0)
        copy = nullptr; // the library's functions accept NULL, as a manager without networks
    const std::shared_ptr<Dispatcher> made(new Dispatcher(copy), &Dispatcher::destroy);
    made->m_errorString = m_errorString;
    made->moveToThread(nullptr);
    m_movedCopy = made;
    m_movedRoot = root;
    return made;
}

void Dispatcher::movedToThread()
{
    if (m_hasThread.exchange(true))
        return;
    moveToThread(QThread::currentThread());
    if (!m_callbacksSet) // only sessions moved: drop the manager's waiting events
        netsession_manager_set_callbacks(m_manager, nullptr);
    registerForCurrentThread();
}

// Qt calls this after each construction of a QCoreApplication.
static void onApplicationCreated()
{
    Dispatcher::attachCurrentThread();
}
Q_COREAPP_STARTUP_FUNCTION(onApplicationCreated)

void Dispatcher::attachCurrentThread()
{
    const std::shared_ptr<Dispatcher> dispatcher = find();
    if (dispatcher)
        dispatcher->attach();
}

Dispatcher::Dispatcher(netsession_manager *owned) : m_manager(owned) { }

Dispatcher::~Dispatcher()
{
    delete m_notifier;
    netsession_manager_free(m_manager);
}

// The last reference may be dropped on another thread, after the dispatcher's thread
// has finished, or inside a dispatch that is nested in another.
void Dispatcher::destroy(Dispatcher *dispatcher)
{
    {
        QMutexLocker locker(&registry().mutex);
        auto found = registry().dispatchers.find(dispatcher->thread());
        if (found != registry().dispatchers.end() && found->expired())
            registry().dispatchers.erase(found);
    }
    QThread *const thread = dispatcher->thread();
    if (!thread || thread == QThread::currentThread() || !thread->isRunning())
        delete dispatcher;
    else
        dispatcher->deleteLater();
}

// Watches the library's descriptor. While the thread has no event dispatcher, a
// posted event waits for the next one.
void Dispatcher::attach()
{
    QAbstractEventDispatcher *const eventDispatcher = QAbstractEventDispatcher::instance(thread());
    if (m_notifier || !m_manager)
        return;
    if (!eventDispatcher) {
        QCoreApplication::postEvent(this, new QEvent(attachEvent()));
        return;
    }
    m_notifier = new Notifier(netsession_manager_fd(m_manager), this);
    connect(eventDispatcher, &QObject::destroyed, this, [this] {
        delete m_notifier;
        m_notifier = nullptr;
        attach();
    });
}

bool Dispatcher::event(QEvent *event)
{
    if (event->type() != attachEvent())
        return QObject::event(event);
    attach();
    return true;
}

void Dispatcher::dispatch()
{
    const std::shared_ptr<Dispatcher> alive = weak_from_this().lock();
    if (alive)
        netsession_manager_dispatch(m_manager);
}

void Dispatcher::addListener(QNetworkConfigurationManagerPrivate *listener)
{
    QMutexLocker locker(&m_mutex);
    m_listeners.append(listener);
    if (!m_callbacksSet || listener->chooser)
        setCallbacks();
    m_callbacksSet = true;
}

int Dispatcher::removeListener(QNetworkConfigurationManagerPrivate *listener)
{
    QMutexLocker locker(&m_mutex);
    const int updates = int(m_updaters.count(listener));
    m_listeners.removeOne(listener);
    if (listener->chooser)
        setCallbacks();
    std::replace(m_updaters.begin(), m_updaters.end(), listener, removedListener);
    return updates;
}

void Dispatcher::updateConfigurations(QNetworkConfigurationManagerPrivate *listener)
{
    QMutexLocker locker(&m_mutex);
    if (netsession_manager_update_configurations(m_manager) == 0)
        m_updaters.append(listener);
}

bool Dispatcher::isListener(QNetworkConfigurationManagerPrivate *listener)
{
    QMutexLocker locker(&m_mutex);
    return m_listeners.contains(listener);
}

// A slot of one listener may delete any other.
template <typename Emit> void Dispatcher::emitToAll(Emit emitSignal)
{
    QVector<QNetworkConfigurationManagerPrivate *> all;
    {
        QMutexLocker locker(&m_mutex);
        all = m_listeners;
    }
    for (QNetworkConfigurationManagerPrivate *listener : std::as_const(all))
        if (isListener(listener))
            emitSignal(listener->q);
}

// The library completes updates in the order of their calls.
void Dispatcher::emitUpdateCompleted()
{
    QNetworkConfigurationManagerPrivate *updater = removedListener;
    {
        QMutexLocker locker(&m_mutex);
        if (!m_updaters.isEmpty())
            updater = m_updaters.takeFirst();
    }
    if (updater)
        emit updater->q->updateCompleted();
}

void Dispatcher::addSession(netsession *handle, QNetworkSession *session)
{
    QMutexLocker locker(&m_mutex);
    m_sessions.insert(handle, session);
}

void Dispatcher::removeSession(netsession *handle)
{
    QMutexLocker locker(&m_mutex);
    m_sessions.remove(handle);
}

// The replaced chooser is destroyed last, without the lock: it may own managers and
// sessions.
void Dispatcher::setChooser(QNetworkConfigurationManagerPrivate *listener, NetSession::Chooser chooser)
{
    QMutexLocker locker(&m_mutex);
    listener->chooser.swap(chooser);
    setCallbacks();
    locker.unlock();
}

// The first chooser of the listeners. Called with the mutex held.
NetSession::Chooser Dispatcher::chooser()
{
    for (QNetworkConfigurationManagerPrivate *listener : std::as_const(m_listeners))
        if (listener->chooser)
            return listener->chooser;
    return {};
}

void Dispatcher::callChooser(netsession *handle, netsession_configuration_list *candidates)
{
    QMutexLocker locker(&m_mutex);
    const NetSession::Chooser choose = chooser();
    QNetworkSession *const session = m_sessions.value(handle);
    locker.unlock();
    QList<QNetworkConfiguration> values;
    for (int i = 0; i < netsession_configuration_list_size(candidates); ++i)
        values += QNetworkConfigurationPrivate::fromBorrowed(netsession_configuration_list_at(candidates, i));
    if (choose && session)
        choose(session, values);
}

// Called with the mutex held, on the thread that dispatches.
void Dispatcher::setCallbacks()
{
    netsession_manager_callbacks all = NETSESSION_MANAGER_CALLBACKS_INIT;
    all.user_data = this;
    all.configuration_added = [](netsession_manager *, netsession_configuration *config, void *d) {
        const QNetworkConfiguration value = QNetworkConfigurationPrivate::fromBorrowed(config);
        static_cast<Dispatcher *>(d)->emitToAll([&](auto *q) { emit q->configurationAdded(value); });
    };
    all.configuration_changed = [](netsession_manager *, netsession_configuration *config, void *d) {
        const QNetworkConfiguration value = QNetworkConfigurationPrivate::fromBorrowed(config);
        static_cast<Dispatcher *>(d)->emitToAll([&](auto *q) { emit q->configurationChanged(value); });
    };
    all.configuration_removed = [](netsession_manager *, netsession_configuration *config, void *d) {
        const QNetworkConfiguration value = QNetworkConfigurationPrivate::fromBorrowed(config);
        static_cast<Dispatcher *>(d)->emitToAll([&](auto *q) { emit q->configurationRemoved(value); });
    };
    all.online_state_changed = [](netsession_manager *, int isOnline, void *d) {
        static_cast<Dispatcher *>(d)->emitToAll([&](auto *q) { emit q->onlineStateChanged(isOnline == 1); });
    };
    all.update_completed = [](netsession_manager *, void *d) {
        static_cast<Dispatcher *>(d)->emitUpdateCompleted();
    };
    if (chooser()) {
        all.choose = [](netsession_manager *, netsession *session, netsession_configuration_list *list,
                        void *d) { static_cast<Dispatcher *>(d)->callChooser(session, list); };
    }
    netsession_manager_set_callbacks(m_manager, &all);
}

NETSESSION_QT_END_NAMESPACE
