// qnetworkconfigmanager_p.h - a manager's place in its thread's hub.
#ifndef NETSESSION_QNETWORKCONFIGMANAGER_P_H
#define NETSESSION_QNETWORKCONFIGMANAGER_P_H

#include "hub.h"

#include <NetSession/extras.h>

NETSESSION_QT_BEGIN_NAMESPACE

class QNetworkConfigurationManagerPrivate
{
public:
    explicit QNetworkConfigurationManagerPrivate(QNetworkConfigurationManager *q)
        : q(q), hub(Hub::ofThread())
    {
        hub->join(this);
    }
    ~QNetworkConfigurationManagerPrivate() { hub->leave(this); }

    // Takes its place in the hub of those that move to another thread.
    void depart()
    {
        const int updates = hub->leave(this);
        hub = hub->travelling(q);
        hub->join(this);
        for (int i = 0; i < updates; ++i)
            hub->update(this);
    }

    static netsession_manager *handleOf(const QNetworkConfigurationManager &manager)
    {
        return manager.d->hub->manager();
    }
    static void setChooser(QNetworkConfigurationManager &manager, NetSession::Chooser chooser)
    {
        manager.d->hub->setChooser(manager.d, std::move(chooser));
    }

    QNetworkConfigurationManager *const q;
    std::shared_ptr<Hub> hub;
    NetSession::Chooser chooser; // guarded by the hub

private:
    Q_DISABLE_COPY(QNetworkConfigurationManagerPrivate)
};

NETSESSION_QT_END_NAMESPACE

#endif
