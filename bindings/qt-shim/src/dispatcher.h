// dispatcher.h - delivers the library's events in the event loop of a thread.
//
// The sessions and managers of one thread share one dispatcher, which owns one
// netsession_manager. Their signals are therefore emitted in the order of their
// causes, and ten thousand sessions cost one descriptor. The dispatcher lives as
// long as any of these objects. Only the thread's own event loop delivers events.
#ifndef NETSESSION_DISPATCHER_H
#define NETSESSION_DISPATCHER_H

#include <NetSession/netsessionqtglobal.h>
#include <NetSession/extras.h>
#include <QtCore/qcoreevent.h>
#include <QtCore/qhash.h>
#include <QtCore/qmutex.h>
#include <QtCore/qobject.h>
#include <QtCore/qstring.h>
#include <QtCore/qvector.h>
#include <atomic>
#include <memory>
#include <netsession.h>

class QSocketNotifier;

NETSESSION_QT_BEGIN_NAMESPACE

class QNetworkConfigurationManagerPrivate;

// An object posts this event to itself when it leaves its thread: Qt delivers the
// event on the new thread.
QEvent::Type movedToThreadEvent();

class Dispatcher : public QObject, public std::enable_shared_from_this<Dispatcher>
{
public:
    // The current thread's dispatcher; creates it if there is none.
    static std::shared_ptr<Dispatcher> forCurrentThread();
    // Attaches the current thread's dispatcher, if there is one, to a new event loop.
    static void attachCurrentThread();

    // NULL if the library could not create one; errorString() explains why.
    netsession_manager *manager() const { return m_manager; }
    QString errorString() const { return m_errorString; }

    // Adds and removes a manager that emits the signals of configurations. Any thread.
    void addListener(QNetworkConfigurationManagerPrivate *listener);
    // Returns how many updates the listener still waits for.
    int removeListener(QNetworkConfigurationManagerPrivate *listener);
    // Starts an update; only this listener signals its completion.
    void updateConfigurations(QNetworkConfigurationManagerPrivate *listener);

    // Adds and removes a session that may be passed to a chooser. Any thread.
    void addSession(netsession *handle, QNetworkSession *session);
    void removeSession(netsession *handle);
    void setChooser(QNetworkConfigurationManagerPrivate *listener, NetSession::Chooser chooser);

    // The dispatcher for an object that moves to another thread, and for the objects
    // that move with it as children of the same root. It is a copy of this one, with
    // the same events waiting, and has no thread until movedToThread(). Called on the
    // thread that the object leaves.
    std::shared_ptr<Dispatcher> movedFromThread(const QObject *object);
    // Attaches the copy to the current thread, on behalf of the first object there.
    void movedToThread();

    // Delivers the waiting events.
    void dispatch();

    bool event(QEvent *event) override;

private:
    explicit Dispatcher(netsession_manager *owned);
    ~Dispatcher() override;
    static void destroy(Dispatcher *dispatcher);
    void registerForCurrentThread();
    void attach();
    void setCallbacks();
    bool isListener(QNetworkConfigurationManagerPrivate *listener);
    template <typename Emit> void emitToAll(Emit emitSignal);
    void emitUpdateCompleted();
    NetSession::Chooser chooser();
    void callChooser(netsession *handle, netsession_configuration_list *candidates);

    netsession_manager *m_manager = nullptr;
    QString m_errorString;
    QSocketNotifier *m_notifier = nullptr; // null while the thread has no event dispatcher
    std::atomic<bool> m_hasThread{false};  // false until a moved object is on its new thread
    // The copy for the objects that moved last, and the root of their tree.
    std::weak_ptr<Dispatcher> m_movedCopy;
    const QObject *m_movedRoot = nullptr;

    // Guards all following fields: Qt deletes the objects of a finished thread on another.
    QMutex m_mutex;
    bool m_callbacksSet = false; // the library has this dispatcher's callbacks
    QVector<QNetworkConfigurationManagerPrivate *> m_listeners;
    QHash<netsession *, QNetworkSession *> m_sessions;
    // The listener of each pending update, null if the listener was removed.
    QVector<QNetworkConfigurationManagerPrivate *> m_updaters;
};

NETSESSION_QT_END_NAMESPACE

#endif
