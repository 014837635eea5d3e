// metatypes.cpp - registers the types of signal arguments for queued connections.
//
// Queued connections look a type up by the name in the signal's signature. On Qt 5
// the classes of Qt and of NetSession have the same names, so one metatype with that
// name copies and destroys values of both.
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

// A value of either class is one pointer to its shared data. NetSession's shared data
// begins with the address of its virtual table, Qt's with a reference count.
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

// Must run before the first use of Qt's own classes, which would register a metatype
// that takes only Qt's values.
Q_CONSTRUCTOR_FUNCTION(registerMetaTypes)
QT_WARNING_POP
#else
// Qt 6 takes the names from the classes.
void registerMetaTypes()
{
    qRegisterMetaType<QNetworkConfiguration>();
    qRegisterMetaType<QNetworkSession::State>();
    qRegisterMetaType<QNetworkSession::SessionError>();
    qRegisterMetaType<QNetworkSession::UsagePolicies>();
}
#endif

NETSESSION_QT_END_NAMESPACE
