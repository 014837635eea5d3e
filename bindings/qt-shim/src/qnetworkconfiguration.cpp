// qnetworkconfiguration.cpp - the getters of a configuration.
#include "qnetworkconfiguration_p.h"

NETSESSION_QT_BEGIN_NAMESPACE

QNetworkConfiguration QNetworkConfigurationPrivate::fromOwned(netsession_configuration *owned)
{
    QNetworkConfiguration value;
    if (*netsession_configuration_identifier(owned))
        value.d = new QNetworkConfigurationPrivate(owned);
    else
        netsession_configuration_free(owned);
    return value;
}

QNetworkConfiguration QNetworkConfigurationPrivate::fromBorrowed(netsession_configuration *borrowed)
{
    netsession_configuration *owned = nullptr;
    if (netsession_configuration_copy(borrowed, &owned) < 0)
        return QNetworkConfiguration();
    return fromOwned(owned);
}

QList<QNetworkConfiguration> QNetworkConfigurationPrivate::fromOwnedList(netsession_configuration_list *list)
{
    QList<QNetworkConfiguration> values;
    const int size = qMax(0, netsession_configuration_list_size(list));
    values.reserve(size);
    for (int i = 0; i < size; ++i)
        values.append(fromBorrowed(netsession_configuration_list_at(list, i)));
    netsession_configuration_list_free(list);
    return values;
}

netsession_configuration *QNetworkConfigurationPrivate::handleOf(const QNetworkConfiguration &value)
{
    return value.d ? value.d->handle : nullptr;
}

// The library returns a negative error number in a forked child.
static int numberOr(int fallback, int number)
{
    return number < 0 ? fallback : number;
}

QNetworkConfiguration::QNetworkConfiguration() = default;
QNetworkConfiguration::QNetworkConfiguration(const QNetworkConfiguration &other) = default;
QNetworkConfiguration &QNetworkConfiguration::operator=(const QNetworkConfiguration &other) = default;
QNetworkConfiguration::~QNetworkConfiguration() = default;

bool QNetworkConfiguration::operator==(const QNetworkConfiguration &other) const
{
    if (d == other.d)
        return true;
    return d && other.d && netsession_configuration_equal(d->handle, other.d->handle) == 1;
}

QNetworkConfiguration::StateFlags QNetworkConfiguration::state() const
{
    return StateFlag(d ? int(d->view->state) : Undefined);
}

QNetworkConfiguration::Type QNetworkConfiguration::type() const
{
    return Type(d ? int(d->view->type) : Invalid);
}

QNetworkConfiguration::Purpose QNetworkConfiguration::purpose() const
{
    return Purpose(d ? int(d->view->purpose) : UnknownPurpose);
}

QNetworkConfiguration::BearerType QNetworkConfiguration::bearerType() const
{
    return BearerType(d ? int(d->view->bearer_type) : BearerUnknown);
}

QNetworkConfiguration::BearerType QNetworkConfiguration::bearerTypeFamily() const
{
    return BearerType(d ? numberOr(BearerUnknown, netsession_configuration_bearer_type_family(d->handle))
                        : BearerUnknown);
}

QString QNetworkConfiguration::bearerTypeName() const
{
    return d ? QString::fromUtf8(netsession_configuration_bearer_type_name(d->handle)) : QString();
}

QString QNetworkConfiguration::identifier() const
{
    return d ? QString::fromUtf8(netsession_configuration_identifier(d->handle)) : QString();
}

bool QNetworkConfiguration::isRoamingAvailable() const
{
    return d && d->view->is_roaming_available;
}

QList<QNetworkConfiguration> QNetworkConfiguration::children() const
{
    netsession_configuration_list *list = nullptr;
    if (!d || netsession_configuration_children(d->handle, &list) < 0)
        return QList<QNetworkConfiguration>();
    return QNetworkConfigurationPrivate::fromOwnedList(list);
}

QString QNetworkConfiguration::name() const
{
    return d ? QString::fromUtf8(netsession_configuration_name(d->handle)) : QString();
}

bool QNetworkConfiguration::isValid() const
{
    return type() != Invalid;
}

int QNetworkConfiguration::connectTimeout() const
{
    const int byDefault = 30000;
    return d ? numberOr(byDefault, netsession_configuration_connect_timeout(d->handle)) : byDefault;
}

bool QNetworkConfiguration::setConnectTimeout(int timeout)
{
    return d && netsession_configuration_set_connect_timeout(d->handle, timeout) == 0;
}

NETSESSION_QT_END_NAMESPACE

#include "NetSession/moc_qnetworkconfiguration.cpp"
