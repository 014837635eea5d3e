// tst_api.cpp - the interface: names, numbers and signatures are identical to
// Qt 5.15, so that programs for it compile, connect and queue.
#include "play.h"

#include <type_traits>

class Api : public QObject
{
    Q_OBJECT

private slots:
    void numbers_data();
    void numbers();
    void numberOfKeys();
    void sessionMethods();
    void managerMethods();
    void constructors();
    void functions();
    void metatypes();
    void debug();
    void flags();
    void oldStyleConnections();
    void newStyleConnections();
    void forwardDeclared();

public slots:
    void onState(QNetworkSession::State) { ++m_calls; }
    void onError(QNetworkSession::SessionError) { ++m_calls; }
    void onPolicies(QNetworkSession::UsagePolicies) { ++m_calls; }
    void onPreferred(const QNetworkConfiguration &, bool) { ++m_calls; }
    void onConfiguration(const QNetworkConfiguration &) { ++m_calls; }
    void onOnline(bool) { ++m_calls; }
    void onAnything() { ++m_calls; }

private:
    int m_calls = 0;
};

#define NUMBER(Class, Key, Value) QTest::newRow(#Class "::" #Key) << int(Class::Key) << Value

void Api::numbers_data()
{
    QTest::addColumn<int>("is");
    QTest::addColumn<int>("expected");
    NUMBER(QNetworkSession, Invalid, 0);
    NUMBER(QNetworkSession, NotAvailable, 1);
    NUMBER(QNetworkSession, Connecting, 2);
    NUMBER(QNetworkSession, Connected, 3);
    NUMBER(QNetworkSession, Closing, 4);
    NUMBER(QNetworkSession, Disconnected, 5);
    NUMBER(QNetworkSession, Roaming, 6);
    NUMBER(QNetworkSession, UnknownSessionError, 0);
    NUMBER(QNetworkSession, SessionAbortedError, 1);
    NUMBER(QNetworkSession, RoamingError, 2);
    NUMBER(QNetworkSession, OperationNotSupportedError, 3);
    NUMBER(QNetworkSession, InvalidConfigurationError, 4);
    NUMBER(QNetworkSession, NoPolicy, 0);
    NUMBER(QNetworkSession, NoBackgroundTrafficPolicy, 1);
    NUMBER(QNetworkConfiguration, InternetAccessPoint, 0);
    NUMBER(QNetworkConfiguration, ServiceNetwork, 1);
    NUMBER(QNetworkConfiguration, UserChoice, 2);
    NUMBER(QNetworkConfiguration, Invalid, 3);
    NUMBER(QNetworkConfiguration, UnknownPurpose, 0);
    NUMBER(QNetworkConfiguration, PublicPurpose, 1);
    NUMBER(QNetworkConfiguration, PrivatePurpose, 2);
    NUMBER(QNetworkConfiguration, ServiceSpecificPurpose, 3);
    NUMBER(QNetworkConfiguration, Undefined, 0x1);
    NUMBER(QNetworkConfiguration, Defined, 0x2);
    NUMBER(QNetworkConfiguration, Discovered, 0x6);
    NUMBER(QNetworkConfiguration, Active, 0xE);
    NUMBER(QNetworkConfiguration, BearerUnknown, 0);
    NUMBER(QNetworkConfiguration, BearerEthernet, 1);
    NUMBER(QNetworkConfiguration, BearerWLAN, 2);
    NUMBER(QNetworkConfiguration, Bearer2G, 3);
    NUMBER(QNetworkConfiguration, BearerCDMA2000, 4);
    NUMBER(QNetworkConfiguration, BearerWCDMA, 5);
    NUMBER(QNetworkConfiguration, BearerHSPA, 6);
    NUMBER(QNetworkConfiguration, BearerBluetooth, 7);
    NUMBER(QNetworkConfiguration, BearerWiMAX, 8);
    NUMBER(QNetworkConfiguration, BearerEVDO, 9);
    NUMBER(QNetworkConfiguration, BearerLTE, 10);
    NUMBER(QNetworkConfiguration, Bearer3G, 11);
    NUMBER(QNetworkConfiguration, Bearer4G, 12);
    NUMBER(QNetworkConfigurationManager, CanStartAndStopInterfaces, 0x01);
    NUMBER(QNetworkConfigurationManager, DirectConnectionRouting, 0x02);
    NUMBER(QNetworkConfigurationManager, SystemSessionSupport, 0x04);
    NUMBER(QNetworkConfigurationManager, ApplicationLevelRoaming, 0x08);
    NUMBER(QNetworkConfigurationManager, ForcedRoaming, 0x10);
    NUMBER(QNetworkConfigurationManager, DataStatistics, 0x20);
    NUMBER(QNetworkConfigurationManager, NetworkSessionRequired, 0x40);
}

void Api::numbers()
{
    QFETCH(int, is);
    QFETCH(int, expected);
    QCOMPARE(is, expected);
}

void Api::numberOfKeys()
{
    QCOMPARE(QMetaEnum::fromType<QNetworkSession::State>().keyCount(), 7);
    QCOMPARE(QMetaEnum::fromType<QNetworkSession::SessionError>().keyCount(), 5);
    QCOMPARE(QMetaEnum::fromType<QNetworkSession::UsagePolicies>().keyCount(), 2);
    QCOMPARE(QMetaEnum::fromType<QNetworkConfiguration::Type>().keyCount(), 4);
    QCOMPARE(QMetaEnum::fromType<QNetworkConfiguration::Purpose>().keyCount(), 4);
    QCOMPARE(QMetaEnum::fromType<QNetworkConfiguration::StateFlags>().keyCount(), 4);
    QCOMPARE(QMetaEnum::fromType<QNetworkConfiguration::BearerType>().keyCount(), 13);
    QCOMPARE(QMetaEnum::fromType<QNetworkConfigurationManager::Capabilities>().keyCount(), 7);
}

// The signatures of a class's own signals and slots in the meta object, in order.
static QStringList methodsOf(const QMetaObject &meta)
{
    QStringList methods;
    for (int i = meta.methodOffset(); i < meta.methodCount(); ++i)
        methods += (meta.method(i).methodType() == QMetaMethod::Signal ? "signal " : "slot ")
            + QString::fromLatin1(meta.method(i).methodSignature());
    return methods;
}

void Api::sessionMethods()
{
    const QStringList expected = {
        "signal stateChanged(QNetworkSession::State)",
        "signal opened()",
        "signal closed()",
        "signal error(QNetworkSession::SessionError)",
        "signal preferredConfigurationChanged(QNetworkConfiguration,bool)",
        "signal newConfigurationActivated()",
        "signal usagePoliciesChanged(QNetworkSession::UsagePolicies)",
        "slot open()",
        "slot close()",
        "slot stop()",
        "slot migrate()",
        "slot ignore()",
        "slot accept()",
        "slot reject()",
    };
    QCOMPARE(methodsOf(QNetworkSession::staticMetaObject), expected);
    QVERIFY(QByteArray(QNetworkSession::staticMetaObject.className()).endsWith("QNetworkSession"));
    QCOMPARE(QNetworkSession::staticMetaObject.superClass(), &QObject::staticMetaObject);
}

void Api::managerMethods()
{
    const QStringList expected = {
        "signal configurationAdded(QNetworkConfiguration)",
        "signal configurationRemoved(QNetworkConfiguration)",
        "signal configurationChanged(QNetworkConfiguration)",
        "signal onlineStateChanged(bool)",
        "signal updateCompleted()",
        "slot updateConfigurations()",
    };
    QCOMPARE(methodsOf(QNetworkConfigurationManager::staticMetaObject), expected);
    QCOMPARE(QNetworkConfigurationManager::staticMetaObject.superClass(), &QObject::staticMetaObject);
}

void Api::constructors()
{
    using Session = QNetworkSession;
    using Manager = QNetworkConfigurationManager;
    using Configuration = QNetworkConfiguration;
    static_assert(std::is_constructible<Session, const Configuration &>::value, "");
    static_assert(std::is_constructible<Session, const Configuration &, QObject *>::value, "");
    static_assert(!std::is_convertible<Configuration, Session>::value, "explicit");
    static_assert(!std::is_copy_constructible<Session>::value && !std::is_copy_assignable<Session>::value, "");
    static_assert(std::is_constructible<Manager, QObject *>::value, "");
    static_assert(!std::is_convertible<QObject *, Manager>::value, "explicit");
    static_assert(!std::is_copy_constructible<Manager>::value && !std::is_copy_assignable<Manager>::value, "");
    static_assert(std::is_default_constructible<Configuration>::value, "");
    static_assert(std::is_copy_constructible<Configuration>::value, "");
    static_assert(std::is_nothrow_move_assignable<Configuration>::value, "");
    static_assert(std::has_virtual_destructor<Session>::value && std::has_virtual_destructor<Manager>::value, "");
    static_assert(sizeof(Configuration) == sizeof(void *), "");
}

// Overrides functions that are protected in Qt 5, too.
class Notified : public QNetworkSession
{
public:
    using Base = QNetworkSession;
    using Base::Base;
    QStringList notes;

protected:
    void connectNotify(const QMetaMethod &signal) override
    {
        notes += "connect " + signal.name();
        QNetworkSession::connectNotify(signal);
    }
    void disconnectNotify(const QMetaMethod &signal) override
    {
        notes += "disconnect " + signal.name();
        QNetworkSession::disconnectNotify(signal);
    }
};

#define SAME(expression, ...) \
    static_assert(std::is_same<decltype(expression), __VA_ARGS__>::value, #expression)

void Api::functions()
{
    using S = QNetworkSession;
    using C = QNetworkConfiguration;
    using M = QNetworkConfigurationManager;
    SAME(&S::isOpen, bool (S::*)() const);
    SAME(&S::configuration, C (S::*)() const);
    SAME(&S::interface, QNetworkInterface (S::*)() const);
    SAME(&S::state, S::State (S::*)() const);
    SAME(static_cast<S::SessionError (S::*)() const>(&S::error), S::SessionError (S::*)() const);
    SAME(&S::errorString, QString (S::*)() const);
    SAME(&S::sessionProperty, QVariant (S::*)(const QString &) const);
    SAME(&S::setSessionProperty, void (S::*)(const QString &, const QVariant &));
    SAME(&S::bytesWritten, quint64 (S::*)() const);
    SAME(&S::bytesReceived, quint64 (S::*)() const);
    SAME(&S::activeTime, quint64 (S::*)() const);
    SAME(&S::usagePolicies, S::UsagePolicies (S::*)() const);
    SAME(&S::waitForOpened, bool (S::*)(int));
    SAME(&C::swap, void (C::*)(C &) noexcept);
    SAME(&C::state, C::StateFlags (C::*)() const);
    SAME(&C::type, C::Type (C::*)() const);
    SAME(&C::purpose, C::Purpose (C::*)() const);
    SAME(&C::bearerType, C::BearerType (C::*)() const);
    SAME(&C::bearerTypeFamily, C::BearerType (C::*)() const);
    SAME(&C::bearerTypeName, QString (C::*)() const);
    SAME(&C::identifier, QString (C::*)() const);
    SAME(&C::isRoamingAvailable, bool (C::*)() const);
    SAME(&C::children, QList<C> (C::*)() const);
    SAME(&C::name, QString (C::*)() const);
    SAME(&C::isValid, bool (C::*)() const);
    SAME(&C::connectTimeout, int (C::*)() const);
    SAME(&C::setConnectTimeout, bool (C::*)(int));
    SAME(&M::capabilities, M::Capabilities (M::*)() const);
    SAME(&M::defaultConfiguration, C (M::*)() const);
    SAME(&M::allConfigurations, QList<C> (M::*)(C::StateFlags) const);
    SAME(&M::configurationFromIdentifier, C (M::*)(const QString &) const);
    SAME(&M::isOnline, bool (M::*)() const);

    const Play play("access-point eth0 bearer=ethernet state=active\n");
    Notified session(QNetworkConfigurationManager().defaultConfiguration());
    connect(&session, &QNetworkSession::opened, this, &Api::onAnything);
    disconnect(&session, &QNetworkSession::opened, this, &Api::onAnything);
    QCOMPARE(session.notes, QStringList({"connect opened", "disconnect opened"}));
    QCOMPARE(session.waitForOpened(), false); // msecs has a default
    QCOMPARE(QNetworkConfigurationManager().allConfigurations().size(), 2);
}

template <typename T> static void roundTripsThroughAVariant(const T &value)
{
    const QVariant variant = QVariant::fromValue(value);
    QVERIFY(variant.canConvert<T>());
    QVERIFY(variant.value<T>() == value);
}

void Api::metatypes()
{
    const Play play("access-point eth0 bearer=ethernet\n");
    QNetworkConfigurationManager manager;
    roundTripsThroughAVariant(manager.defaultConfiguration());
    roundTripsThroughAVariant(QNetworkSession::Roaming);
    roundTripsThroughAVariant(QNetworkSession::RoamingError);
    roundTripsThroughAVariant(QNetworkSession::UsagePolicies(QNetworkSession::NoBackgroundTrafficPolicy));
    // Queued connections look the types up by name.
    for (const char *name : {"QNetworkConfiguration", "QNetworkSession::State",
                             "QNetworkSession::SessionError", "QNetworkSession::UsagePolicies"})
#if QT_VERSION < QT_VERSION_CHECK(6, 0, 0)
        QVERIFY2(QMetaType::type(name) != QMetaType::UnknownType, name);
#else
        QVERIFY2(QMetaType::fromName(name).isValid(), name);
#endif
    QCOMPARE(qRegisterMetaType<QNetworkConfiguration>("QNetworkConfiguration"),
             qMetaTypeId<QNetworkConfiguration>());
}

void Api::debug()
{
    QString text;
    QDebug(&text) << QNetworkSession::Connected << QNetworkSession::RoamingError
                  << QNetworkSession::NoBackgroundTrafficPolicy << QNetworkConfiguration::BearerLTE
                  << QNetworkConfiguration::ServiceNetwork << QNetworkConfiguration::PublicPurpose
                  << QNetworkConfigurationManager::ForcedRoaming
                  << QNetworkSession::UsagePolicies(QNetworkSession::NoPolicy)
                  << QNetworkConfiguration::StateFlags(QNetworkConfiguration::Active)
                  << QNetworkConfigurationManager::Capabilities(QNetworkConfigurationManager::DataStatistics);
    for (const char *word : {"Connected", "RoamingError", "NoBackgroundTrafficPolicy", "BearerLTE",
                             "ServiceNetwork", "PublicPurpose", "ForcedRoaming", "NoPolicy", "Active",
                             "DataStatistics"})
        QVERIFY2(text.contains(QLatin1String(word)), qPrintable(text));
}

void Api::flags()
{
    using M = QNetworkConfigurationManager;
    const M::Capabilities both = M::ForcedRoaming | M::DataStatistics;
    QVERIFY(both & M::ForcedRoaming);
    QVERIFY(!(both & M::SystemSessionSupport));
    QCOMPARE(int(both), 0x30);
    const QNetworkConfiguration::StateFlags active = QNetworkConfiguration::Active;
    QCOMPARE(active & QNetworkConfiguration::Discovered,
             QNetworkConfiguration::StateFlags(QNetworkConfiguration::Discovered));
    QVERIFY((active & QNetworkConfiguration::Active) == QNetworkConfiguration::Active);
    QCOMPARE(QNetworkConfiguration::Active | QNetworkConfiguration::Undefined, 0xF); // an int, as in Qt 5.15
}

void Api::oldStyleConnections()
{
    const Play play("access-point eth0 bearer=ethernet\n");
    QNetworkConfigurationManager m;
    QNetworkSession s(m.defaultConfiguration());
    QObject object;
    // Direct and queued connections, with normalized and other signatures.
    for (Qt::ConnectionType type : {Qt::AutoConnection, Qt::QueuedConnection}) {
        QVERIFY(connect(&s, SIGNAL(stateChanged(QNetworkSession::State)), this, SLOT(onState(QNetworkSession::State)), type));
        QVERIFY(connect(&s, SIGNAL(opened()), this, SLOT(onAnything()), type));
        QVERIFY(connect(&s, SIGNAL(closed()), this, SLOT(onAnything()), type));
        QVERIFY(connect(&s, SIGNAL(error(QNetworkSession::SessionError)), this, SLOT(onError(QNetworkSession::SessionError)), type));
        QVERIFY(connect(&s, SIGNAL(preferredConfigurationChanged(QNetworkConfiguration,bool)), this, SLOT(onPreferred(QNetworkConfiguration,bool)), type));
        QVERIFY(connect(&s, SIGNAL(preferredConfigurationChanged(const QNetworkConfiguration&, bool)), this, SLOT(onPreferred(const QNetworkConfiguration&, bool)), type));
        QVERIFY(connect(&s, SIGNAL(newConfigurationActivated()), this, SLOT(onAnything()), type));
        QVERIFY(connect(&s, SIGNAL(usagePoliciesChanged(QNetworkSession::UsagePolicies)), this, SLOT(onPolicies(QNetworkSession::UsagePolicies)), type));
        QVERIFY(connect(&m, SIGNAL(configurationAdded(const QNetworkConfiguration &)), this, SLOT(onConfiguration(const QNetworkConfiguration &)), type));
        QVERIFY(connect(&m, SIGNAL(configurationRemoved(QNetworkConfiguration)), this, SLOT(onConfiguration(QNetworkConfiguration)), type));
        QVERIFY(connect(&m, SIGNAL(configurationChanged(QNetworkConfiguration)), this, SLOT(onConfiguration(QNetworkConfiguration)), type));
        QVERIFY(connect(&m, SIGNAL(onlineStateChanged(bool)), this, SLOT(onOnline(bool)), type));
        QVERIFY(connect(&m, SIGNAL(updateCompleted()), this, SLOT(onAnything()), type));
    }
    for (const char *slot : {SLOT(open()), SLOT(close()), SLOT(stop()), SLOT(migrate()), SLOT(ignore()),
                             SLOT(accept()), SLOT(reject())})
        QVERIFY(connect(&object, SIGNAL(destroyed()), &s, slot));
    QVERIFY(connect(&object, SIGNAL(destroyed()), &m, SLOT(updateConfigurations())));

    m_calls = 0;
    QSignalSpy disconnected(&s, SIGNAL(stateChanged(QNetworkSession::State)));
    s.open();
    QTRY_VERIFY_WITH_TIMEOUT(s.isOpen(), PlayWait);
    s.close();
    QTRY_VERIFY_WITH_TIMEOUT(disconnected.count() == 4, PlayWait);
    // opened, closed and four states, each direct and queued, and configuration changes.
    QTRY_VERIFY_WITH_TIMEOUT(m_calls >= 12, PlayWait);
    QCOMPARE(disconnected.at(1).at(0).value<QNetworkSession::State>(), QNetworkSession::Connected);
}

void Api::newStyleConnections()
{
    const Play play("access-point eth0 bearer=ethernet\n");
    QNetworkConfigurationManager m;
    QNetworkSession s(m.defaultConfiguration());
    QVERIFY(connect(&s, &QNetworkSession::stateChanged, this, &Api::onState));
    QVERIFY(connect(&s, QOverload<QNetworkSession::SessionError>::of(&QNetworkSession::error), this, &Api::onError));
    QVERIFY(connect(&s, &QNetworkSession::preferredConfigurationChanged, this, &Api::onPreferred));
    QVERIFY(connect(&s, &QNetworkSession::usagePoliciesChanged, this, &Api::onPolicies));
    QVERIFY(connect(&m, &QNetworkConfigurationManager::configurationAdded, this, &Api::onConfiguration));
    QVERIFY(connect(&m, &QNetworkConfigurationManager::onlineStateChanged, this, &Api::onOnline));
    QVERIFY(connect(&m, &QNetworkConfigurationManager::updateCompleted, &s, &QNetworkSession::open));
    QSignalSpy opened(&s, &QNetworkSession::opened);
    m.updateConfigurations();
    QTRY_COMPARE_WITH_TIMEOUT(opened.count(), 1, PlayWait);
}

// Forward declarations as in the headers of clients.
#if QT_VERSION >= QT_VERSION_CHECK(6, 0, 0)
class QNetworkSession;
QT_FORWARD_DECLARE_CLASS(QNetworkConfigurationManager)
struct Holder
{
    QNetworkSession *session = nullptr;
    QNetworkConfigurationManager *manager = nullptr;
};
#endif

void Api::forwardDeclared()
{
#if QT_VERSION >= QT_VERSION_CHECK(6, 0, 0)
    Holder holder;
    QCOMPARE(holder.session, nullptr);
    static_assert(std::is_same<NetSession::QNetworkSession, QNetworkSession>::value, "one class, two names");
#else
    // These names belong to Qt.
    QCOMPARE(QNetworkSession::staticMetaObject.className(), "NetSession::QNetworkSession");
#endif
}

QTEST_GUILESS_MAIN(Api)
#include "tst_api.moc"
