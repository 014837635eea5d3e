// extras.cpp - functions of the library that have no counterpart in Qt's classes.
#include <NetSession/extras.h>

#include "qnetworkconfigmanager_p.h"
#include "qnetworkconfiguration_p.h"
#include "qnetworksession_p.h"

#include <system_error>

namespace NetSession {

QNetworkConfiguration defineServiceNetwork(QNetworkConfigurationManager &manager,
                                           const QString &identifier, const QString &name,
                                           QNetworkConfiguration::Purpose purpose,
                                           const QList<QNetworkConfiguration> &children, QString *why)
{
    const QByteArray id = identifier.toUtf8();
    const QByteArray label = name.toUtf8();
    QVector<netsession_configuration *> handles;
    for (const QNetworkConfiguration &child : children)
        handles += QNetworkConfigurationPrivate::handleOf(child);
    netsession_service_network network = NETSESSION_SERVICE_NETWORK_INIT;
    network.identifier = id.constData();
    network.name = label.isEmpty() ? nullptr : label.constData();
    network.purpose = netsession_purpose_t(purpose);
    network.children = handles.constData();
    network.children_count = size_t(handles.size());
    netsession_configuration *config = nullptr;
    char text[512] = "";
    const int result = netsession_manager_define_service_network(
        QNetworkConfigurationManagerPrivate::handleOf(manager), &network, &config, text, sizeof text);
    if (why)
        *why = QString::fromUtf8(text);
    return result < 0 ? QNetworkConfiguration() : QNetworkConfigurationPrivate::fromOwned(config);
}

bool removeServiceNetwork(QNetworkConfigurationManager &manager, const QNetworkConfiguration &network)
{
    return netsession_manager_remove_service_network(
               QNetworkConfigurationManagerPrivate::handleOf(manager),
               QNetworkConfigurationPrivate::handleOf(network)) == 0;
}

void setChooser(QNetworkConfigurationManager &manager, Chooser chooser)
{
    QNetworkConfigurationManagerPrivate::setChooser(manager, std::move(chooser));
}

bool choose(QNetworkSession *session, const QNetworkConfiguration &config)
{
    return session
        && netsession_choose(QNetworkSessionPrivate::handleOf(*session),
                             QNetworkConfigurationPrivate::handleOf(config)) == 0;
}

bool bindSocket(const QNetworkSession &session, qintptr descriptor, QString *why)
{
    const int result = netsession_bind_socket(QNetworkSessionPrivate::handleOf(session), int(descriptor));
    if (why)
        *why = result < 0 ? QString::fromStdString(std::generic_category().message(-result)) : QString();
    return result == 0;
}

int signalStrength(const QNetworkConfiguration &config)
{
    return qMax(0, netsession_configuration_signal_strength(QNetworkConfigurationPrivate::handleOf(config)));
}

QList<QNetworkConfiguration> underlying(const QNetworkConfiguration &config)
{
    netsession_configuration_list *list = nullptr;
    if (netsession_configuration_underlying(QNetworkConfigurationPrivate::handleOf(config), &list) < 0)
        return {};
    return QNetworkConfigurationPrivate::fromOwnedList(list);
}

Reachability reachability(const QNetworkConfigurationManager &manager)
{
    return Reachability(qMax<int>(
        0, netsession_manager_reachability(QNetworkConfigurationManagerPrivate::handleOf(manager))));
}

bool isBehindCaptivePortal(const QNetworkConfigurationManager &manager)
{
    return netsession_manager_is_behind_captive_portal(
               QNetworkConfigurationManagerPrivate::handleOf(manager)) == 1;
}

TransportMedium transportMedium(const QNetworkConfigurationManager &manager)
{
    return TransportMedium(qMax<int>(
        0, netsession_manager_transport(QNetworkConfigurationManagerPrivate::handleOf(manager))));
}

bool isMetered(const QNetworkConfigurationManager &manager)
{
    return netsession_manager_is_metered(QNetworkConfigurationManagerPrivate::handleOf(manager)) == 1;
}

} // namespace NetSession
