// qnetworkconfigmanager_p.h - a manager as a listener of its thread's dispatcher.
#ifndef NETSESSION_QNETWORKCONFIGMANAGER_P_H
#define NETSESSION_QNETWORKCONFIGMANAGER_P_H

#include "dispatcher.h"

#include <NetSession/extras.h>

NETSESSION_QT_BEGIN_NAMESPACE

class QNetworkConfigurationManagerPrivate
{
public:
    explicit QNetworkConfigurationManagerPrivate(QNetworkConfigurationManager *q)
        : q(q), dispatcher(Dispatcher::forCurrentThread())
    {
        dispatcher->addListener(this);
    }
    ~QNetworkConfigurationManagerPrivate() { dispatcher->removeListener(this); }

    // Lets the dispatcher for the new thread deliver the manager's events.
    void movedFromThread()
    {
        const int updates = dispatcher->removeListener(this);
        dispatcher = dispatcher->movedFromThread(q);
        dispatcher->addListener(this);
        for (int i = 0; i < updates; ++i)
            dispatcher->updateConfigurations(this);
    }

    static netsession_manager *handleOf(const QNetworkConfigurationManager &manager)
    {
        return manager.d->dispatcher->manager();
    }
    static void setChooser(QNetworkConfigurationManager &manager, NetSession::Chooser chooser)
    {
        manager.d->dispatcher->setChooser(manager.d, std::move(chooser));
    }

    QNetworkConfigurationManager *const q;
    std::shared_ptr<Dispatcher> dispatcher;
    NetSession::Chooser chooser; // guarded by the dispatcher's mutex; empty if none is set

private:
    Q_DISABLE_COPY(QNetworkConfigurationManagerPrivate)
};

NETSESSION_QT_END_NAMESPACE

#endif
