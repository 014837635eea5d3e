// metatypes.cpp - on Qt 5 the classes' own metatypes have the namespace in their
// names, and connections by name know them without it: the names are Qt's too.
#include "metatypes.h"

#include "qnetworkconfiguration_p.h"

#include <NetSession/qnetworksession.h>

#if QT_VERSION < QT_VERSION_CHECK(6, 0, 0)
#include <QtCore/qmutex.h>
#include <QtCore/qset.h>
#include <QtNetwork/qnetworkconfiguration.h>
#endif

NETSESSION_QT_BEGIN_NAMESPACE

#if QT_VERSION < QT_VERSION_CHECK(6, 0, 0)
QT_WARNING_PUSH
QT_WARNING_DISABLE_DEPRECATED
using Qts = ::QNetworkConfiguration;

// What the values of ours point to that there are.
struct Live
{
    QMutex mutex;
    QSet<const void *> all; // guarded by it
};
Q_GLOBAL_STATIC(Live, live)

void noteLive(const QNetworkConfigurationPrivate *d, bool lives)
{
    if (live.isDestroyed())
        return;
    const QMutexLocker locker(&live->mutex);
    if (lives)
        live->all.insert(d);
    else
        live->all.remove(d);
}

// Whether a value is of our class, not of Qt's: each holds one pointer.
static bool isOurs(const void *value)
{
    const void *const d = *static_cast<const void *const *>(value);
    if (!d || live.isDestroyed())
        return false;
    const QMutexLocker locker(&live->mutex);
    return live->all.contains(d);
}

static void *construct(void *where, const void *original)
{
    if (!original)
        return new (where) Qts;
    if (isOurs(original))
        return new (where) QNetworkConfiguration(*static_cast<const QNetworkConfiguration *>(original));
    return new (where) Qts(*static_cast<const Qts *>(original));
}

static void destruct(void *value)
{
    if (isOurs(value))
        static_cast<QNetworkConfiguration *>(value)->~QNetworkConfiguration();
    else
        static_cast<Qts *>(value)->~Qts();
}

// Registers one metatype for the values of both classes by the name that they
// share. QtNetwork, which registers its own with its first manager, gets this one.
static void registerEither()
{
    static_assert(sizeof(QNetworkConfiguration) == sizeof(Qts), "one pointer each");
    const QMetaType::TypeFlags flags(QtPrivate::QMetaTypeTypeFlags<Qts>::Flags);
    if (QMetaType::type("QNetworkConfiguration") == QMetaType::UnknownType)
        QMetaType::registerNormalizedType("QNetworkConfiguration", destruct, construct,
                                          int(sizeof(QNetworkConfiguration)), flags, nullptr);
}
QT_WARNING_POP

template <typename T> static void registerAs(const char *name)
{
    if (QMetaType::type(name) == QMetaType::UnknownType)
        qRegisterMetaType<T>(name);
}

static bool registerAll()
{
    registerEither();
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

// Before Qt does.
Q_CONSTRUCTOR_FUNCTION(registerMetaTypes)
#else
// Qt 6 takes them from the classes themselves, by the same names.
void noteLive(const QNetworkConfigurationPrivate *, bool) { }

void registerMetaTypes()
{
    qRegisterMetaType<QNetworkConfiguration>();
    qRegisterMetaType<QNetworkSession::State>();
    qRegisterMetaType<QNetworkSession::SessionError>();
    qRegisterMetaType<QNetworkSession::UsagePolicies>();
}
#endif

NETSESSION_QT_END_NAMESPACE
