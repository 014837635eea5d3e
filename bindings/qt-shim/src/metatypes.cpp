// metatypes.cpp - on Qt 5 the classes' own metatypes have the namespace in their
// names, and connections by name know them without it. Where Qt's classes took
// those names first they keep them: see QNetworkConfigurationPrivate.
#include "metatypes.h"

#include <NetSession/qnetworkconfiguration.h>
#include <NetSession/qnetworksession.h>

NETSESSION_QT_BEGIN_NAMESPACE

#if QT_VERSION < QT_VERSION_CHECK(6, 0, 0)
template <typename T> static void registerAs(const char *name)
{
    if (QMetaType::type(name) == QMetaType::UnknownType)
        qRegisterMetaType<T>(name);
}

static bool registerAll()
{
    registerAs<QNetworkConfiguration>("QNetworkConfiguration");
    registerAs<QNetworkSession::State>("QNetworkSession::State");
    registerAs<QNetworkSession::SessionError>("QNetworkSession::SessionError");
    registerAs<QNetworkSession::UsagePolicies>("QNetworkSession::UsagePolicies");
    return true;
}

void registerMetaTypes()
{
    static const bool once = registerAll();
    Q_UNUSED(once)
}
#else
// Qt 6 takes them from the classes themselves, by the same names.
void registerMetaTypes()
{
    qRegisterMetaType<QNetworkConfiguration>();
    qRegisterMetaType<QNetworkSession::State>();
    qRegisterMetaType<QNetworkSession::SessionError>();
    qRegisterMetaType<QNetworkSession::UsagePolicies>();
}
#endif

NETSESSION_QT_END_NAMESPACE
