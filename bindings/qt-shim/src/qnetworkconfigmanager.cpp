// qnetworkconfigmanager.cpp - the calls and getters of a manager.
#include "qnetworkconfigmanager_p.h"

#include "metatypes.h"
#include "qnetworkconfiguration_p.h"

#include <QtCore/qcoreapplication.h>
#include <QtCore/qcoreevent.h>

NETSESSION_QT_BEGIN_NAMESPACE

QNetworkConfigurationManager::QNetworkConfigurationManager(QObject *parent)
    : QObject(parent), d(new QNetworkConfigurationManagerPrivate(this))
{
    registerMetaTypes();
}

QNetworkConfigurationManager::~QNetworkConfigurationManager()
{
    delete d;
}

QNetworkConfigurationManager::Capabilities QNetworkConfigurationManager::capabilities() const
{
    return Capabilities(qMax(0, netsession_manager_capabilities(d->dispatcher->manager())));
}

QNetworkConfiguration QNetworkConfigurationManager::defaultConfiguration() const
{
    netsession_configuration *config = nullptr;
    netsession_manager_default_configuration(d->dispatcher->manager(), &config);
    return QNetworkConfigurationPrivate::fromOwned(config);
}

// The smallest state that has all of the flags, because Qt accepts any combination. If
// no state has all of them, the library rejects the flags and the list is empty.
static netsession_configuration_state_t filterOf(QNetworkConfiguration::StateFlags flags)
{
    static constexpr netsession_configuration_state_t filters[] = {
        NETSESSION_CONFIGURATION_STATE_ANY,
        NETSESSION_CONFIGURATION_STATE_UNDEFINED,
        NETSESSION_CONFIGURATION_STATE_DEFINED,
        NETSESSION_CONFIGURATION_STATE_DISCOVERED,
        NETSESSION_CONFIGURATION_STATE_ACTIVE,
    };
    for (const auto filter : filters)
        if ((int(flags) & ~int(filter)) == 0)
            return filter;
    return netsession_configuration_state_t(int(flags));
}

QList<QNetworkConfiguration>
QNetworkConfigurationManager::allConfigurations(QNetworkConfiguration::StateFlags flags) const
{
    netsession_configuration_list *list = nullptr;
    netsession_manager_configurations(d->dispatcher->manager(), filterOf(flags), &list);
    return QNetworkConfigurationPrivate::fromOwnedList(list);
}

QNetworkConfiguration
QNetworkConfigurationManager::configurationFromIdentifier(const QString &identifier) const
{
    netsession_configuration *config = nullptr;
    netsession_manager_configuration_from_identifier(d->dispatcher->manager(),
                                                     identifier.toUtf8().constData(), &config);
    return QNetworkConfigurationPrivate::fromOwned(config);
}

bool QNetworkConfigurationManager::isOnline() const
{
    return netsession_manager_is_online(d->dispatcher->manager()) == 1;
}

void QNetworkConfigurationManager::updateConfigurations()
{
    d->dispatcher->updateConfigurations(d);
}

bool QNetworkConfigurationManager::event(QEvent *event)
{
    if (event->type() == QEvent::ThreadChange) {
        d->movedFromThread();
        QCoreApplication::postEvent(this, new QEvent(movedToThreadEvent()));
    } else if (event->type() == movedToThreadEvent()) {
        d->dispatcher->movedToThread();
    }
    return QObject::event(event);
}

NETSESSION_QT_END_NAMESPACE

#include "NetSession/moc_qnetworkconfigmanager.cpp"
