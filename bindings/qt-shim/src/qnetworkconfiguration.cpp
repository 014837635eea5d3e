// qnetworkconfiguration.cpp - values that stand for a configuration.
#include "qnetworkconfiguration_p.h"

NETSESSION_QT_BEGIN_NAMESPACE

QNetworkConfiguration QNetworkConfigurationPrivate::take(netsession_config *owned)
{
    QNetworkConfiguration value;
    if (*netsession_config_identifier(owned))
        value.d = new QNetworkConfigurationPrivate(owned);
    else
        netsession_config_free(owned);
    return value;
}

QNetworkConfiguration QNetworkConfigurationPrivate::copy(netsession_config *borrowed)
{
    netsession_config *owned = nullptr;
    netsession_config_copy(borrowed, &owned);
    return take(owned);
}

QList<QNetworkConfiguration> QNetworkConfigurationPrivate::takeAll(netsession_config_list *list)
{
    QList<QNetworkConfiguration> values;
    const int size = qMax(0, netsession_config_list_size(list));
    values.reserve(size);
    for (int i = 0; i < size; ++i)
        values.append(copy(netsession_config_list_at(list, i)));
    netsession_config_list_free(list);
    return values;
}

netsession_config *QNetworkConfigurationPrivate::handleOf(const QNetworkConfiguration &value)
{
    return value.d ? value.d->handle : nullptr;
}

// A forked child gets negative ones.
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
    return d && other.d && netsession_config_equal(d->handle, other.d->handle) == 1;
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
    return BearerType(d ? numberOr(BearerUnknown, netsession_config_bearer_type_family(d->handle))
                        : BearerUnknown);
}

QString QNetworkConfiguration::bearerTypeName() const
{
    return d ? QString::fromUtf8(netsession_config_bearer_type_name(d->handle)) : QString();
}

QString QNetworkConfiguration::identifier() const
{
    return d ? QString::fromUtf8(netsession_config_identifier(d->handle)) : QString();
}

bool QNetworkConfiguration::isRoamingAvailable() const
{
    return d && d->view->is_roaming_available;
}

QList<QNetworkConfiguration> QNetworkConfiguration::children() const
{
    netsession_config_list *list = nullptr;
    if (!d || netsession_config_children(d->handle, &list) < 0)
        return QList<QNetworkConfiguration>();
    return QNetworkConfigurationPrivate::takeAll(list);
}

QString QNetworkConfiguration::name() const
{
    return d ? QString::fromUtf8(netsession_config_name(d->handle)) : QString();
}

bool QNetworkConfiguration::isValid() const
{
    return type() != Invalid;
}

int QNetworkConfiguration::connectTimeout() const
{
    const int byDefault = 30000;
    return d ? numberOr(byDefault, netsession_config_connect_timeout(d->handle)) : byDefault;
}

bool QNetworkConfiguration::setConnectTimeout(int timeout)
{
    return d && netsession_config_set_connect_timeout(d->handle, timeout) == 0;
}

NETSESSION_QT_END_NAMESPACE
