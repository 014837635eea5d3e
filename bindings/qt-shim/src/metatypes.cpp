// metatypes.cpp - on Qt 5 two families of classes share the names that signals
// spell their arguments with, and queued connections look types up by name. So
// the metatype of that name takes values of both, whoever asks for it.
#include "metatypes.h"

#include "qnetworkconfiguration_p.h"

#include <NetSession/qnetworksession.h>

#if QT_VERSION < QT_VERSION_CHECK(6, 0, 0)
#include <QtNetwork/qnetworkconfiguration.h>
#include <new>
#endif

NETSESSION_QT_BEGIN_NAMESPACE

#if QT_VERSION < QT_VERSION_CHECK(6, 0, 0)
QT_WARNING_PUSH
QT_WARNING_DISABLE_DEPRECATED
using Qts = ::QNetworkConfiguration;

// Both are one pointer to what copies share. Ours begins with the address of
// its virtual functions, Qt's with a count.
static bool isOurs(const void *value)
{
    static const QNetworkConfigurationPrivate sample(nullptr);
    const void *const shared = *static_cast<const void *const *>(value);
    return !shared
        || *static_cast<const void *const *>(shared) == *reinterpret_cast<const void *const *>(&sample);
}

static void *construct(void *place, const void *value)
{
    if (!value)
        return new (place) QNetworkConfiguration;
    if (isOurs(value))
        return new (place) QNetworkConfiguration(*static_cast<const QNetworkConfiguration *>(value));
    return new (place) Qts(*static_cast<const Qts *>(value));
}

static void destruct(void *value)
{
    if (isOurs(value))
        static_cast<QNetworkConfiguration *>(value)->~QNetworkConfiguration();
    else
        static_cast<Qts *>(value)->~Qts();
}

template <typename T> static void registerAs(const char *name)
{
    if (QMetaType::type(name) == QMetaType::UnknownType)
        qRegisterMetaType<T>(name);
}

static bool registerAll()
{
    static_assert(sizeof(Qts) == sizeof(QNetworkConfiguration), "one pointer each");
    QMetaType::registerNormalizedType(
        "NetSession::QNetworkConfiguration", destruct, construct, int(sizeof(QNetworkConfiguration)),
        QMetaType::TypeFlags(QtPrivate::QMetaTypeTypeFlags<QNetworkConfiguration>::Flags),
        &QNetworkConfiguration::staticMetaObject);
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

// Before Qt's own family is used, whose metatype would take Qt's values only.
Q_CONSTRUCTOR_FUNCTION(registerMetaTypes)
QT_WARNING_POP
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
