// hub.h - where the events of a thread's objects arrive.
//
// Sessions and managers that are made on one thread share a manager of the
// library, so that their signals come in the order in which things happened,
// and that ten thousand sessions cost one descriptor. It is the hub's, which
// lives as long as any of them. Nobody but the thread's own event loop delivers.
#ifndef NETSESSION_HUB_H
#define NETSESSION_HUB_H

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

// Posted by an object that is moved, to itself: it is delivered on the new thread.
QEvent::Type arrivalEvent();

class Hub : public QObject, public std::enable_shared_from_this<Hub>
{
public:
    // That of the current thread.
    static std::shared_ptr<Hub> ofThread();
    // Lets the hub of the current thread listen to an event loop that is new.
    static void resume();

    // NULL where the library refused, for the reason in words.
    netsession_manager *manager() const { return m_manager; }
    QString whyNot() const { return m_whyNot; }

    // Takes and drops a manager that is told what happens.
    void join(QNetworkConfigurationManagerPrivate *listener);
    // Returns how many updates it waits for still.
    int leave(QNetworkConfigurationManagerPrivate *listener);
    // Looks for networks again on its behalf.
    void update(QNetworkConfigurationManagerPrivate *listener);

    // The sessions whose questions the hub puts.
    void enter(netsession *handle, QNetworkSession *session);
    void withdraw(netsession *handle);
    void setChooser(QNetworkConfigurationManagerPrivate *listener, NetSession::Chooser chooser);

    // For an object that is moved to another thread, with what else of its tree
    // is: a hub for which the same waits, and which is of no thread until the
    // first of them arrives. Called on the thread that they leave.
    std::shared_ptr<Hub> travelling(const QObject *object);
    void arrive();

    // Delivers what waits.
    void dispatch();

    bool event(QEvent *event) override;

private:
    explicit Hub(netsession_manager *owned);
    ~Hub() override;
    static void destroy(Hub *hub);
    void settleDown();
    void listen();
    void setCallbacks();
    bool isListener(QNetworkConfigurationManagerPrivate *listener);
    template <typename Tell> void tellAll(Tell tell);
    void tellUpdater();
    NetSession::Chooser chooser();
    void ask(netsession *handle, netsession_configuration_list *candidates);

    netsession_manager *m_manager = nullptr;
    QString m_whyNot;
    QSocketNotifier *m_notifier = nullptr;
    std::atomic<bool> m_arrived{false}; // it has been of a thread
    // The hub of what left last, and the root of its tree.
    std::weak_ptr<Hub> m_travelling;
    const QObject *m_traveller = nullptr;

    QMutex m_mutex; // guards what follows: a finished thread's objects are deleted on another
    bool m_listening = false; // the library knows the callbacks
    QVector<QNetworkConfigurationManagerPrivate *> m_listeners;
    QHash<netsession *, QNetworkSession *> m_sessions;
    QVector<QNetworkConfigurationManagerPrivate *> m_updaters; // one for each update under way
};

NETSESSION_QT_END_NAMESPACE

#endif
