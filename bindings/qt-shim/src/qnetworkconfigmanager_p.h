// qnetworkconfigmanager_p.h - a manager's place in its thread's hub.
#ifndef NETSESSION_QNETWORKCONFIGMANAGER_P_H
#define NETSESSION_QNETWORKCONFIGMANAGER_P_H

#include "hub.h"

#include <NetSession/qnetworkconfigmanager.h>

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

    QNetworkConfigurationManager *const q;
    std::shared_ptr<Hub> hub;

private:
    Q_DISABLE_COPY(QNetworkConfigurationManagerPrivate)
};

NETSESSION_QT_END_NAMESPACE

#endif
