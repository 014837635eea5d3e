// tst_values.cpp - the getters of configurations, managers and sessions, and session
// properties.
#include "play.h"

class Values : public QObject
{
    Q_OBJECT

private slots:
    void invalidConfiguration();
    void accessPoint();
    void bearers_data();
    void bearers();
    void serviceNetwork();
    void gettersReturnTheCurrentState();
    void configurationsAreShared();
    void configurationsOutliveTheirManager();
    void lookUpByIdentifier();
    void connectTimeouts();
    void filters();
    void defaultConfiguration();
    void capabilities();
    void online();
    void updates();
    void newSession();
    void invalidSession();
    void errors();
    void counters();
    void interfaces();
    void readOnlyProperties();
    void autoClose();
    void connectInBackground();
    void otherProperties();
    void waiting();
    void waitEndsEarly();
};

static const char office[] =
    "access-point wlan0 name=\"Office Wi-Fi\" bearer=wlan purpose=public\n"
    "access-point eth0 name=\"Office cable\" bearer=ethernet state=active address=192.0.2.1/24"
    " default-route=yes received=1000 written=2000 connect-timeout=5s\n"
    "access-point wwan0 bearer=hspa state=defined purpose=service-specific\n"
    "access-point tun0 name=Häuschen purpose=private\n";

static QNetworkConfiguration find(const char *identifier)
{
    return QNetworkConfigurationManager().configurationFromIdentifier(QLatin1String(identifier));
}

void Values::invalidConfiguration()
{
    const QNetworkConfiguration c;
    QVERIFY(!c.isValid());
    QCOMPARE(c.type(), QNetworkConfiguration::Invalid);
    QCOMPARE(int(c.state()), 1);
    QCOMPARE(c.purpose(), QNetworkConfiguration::UnknownPurpose);
    QCOMPARE(c.bearerType(), QNetworkConfiguration::BearerUnknown);
    QCOMPARE(c.bearerTypeFamily(), QNetworkConfiguration::BearerUnknown);
    QVERIFY(c.bearerTypeName().isEmpty());
    QVERIFY(c.identifier().isEmpty());
    QVERIFY(c.name().isEmpty());
    QVERIFY(!c.isRoamingAvailable());
    QVERIFY(c.children().isEmpty());
    QCOMPARE(c.connectTimeout(), 30000);
    QVERIFY(!QNetworkConfiguration(c).setConnectTimeout(1));
    QVERIFY(c == QNetworkConfiguration());
    QVERIFY(!(c != QNetworkConfiguration()));
}

void Values::accessPoint()
{
    const Play play(office);
    QNetworkConfigurationManager m;
    const QNetworkConfiguration c = find("eth0");
    QVERIFY(c.isValid());
    QCOMPARE(c.identifier(), QStringLiteral("eth0"));
    QCOMPARE(c.name(), QStringLiteral("Office cable"));
    QCOMPARE(c.type(), QNetworkConfiguration::InternetAccessPoint);
    QVERIFY(c.state() == QNetworkConfiguration::Active);
    QCOMPARE(c.purpose(), QNetworkConfiguration::UnknownPurpose);
    QCOMPARE(c.bearerType(), QNetworkConfiguration::BearerEthernet);
    QCOMPARE(c.bearerTypeName(), QStringLiteral("Ethernet"));
    QCOMPARE(c.bearerName(), c.bearerTypeName());
    QVERIFY(!c.isRoamingAvailable());
    QVERIFY(c.children().isEmpty());
    QVERIFY(find("wlan0").state() == QNetworkConfiguration::Discovered);
    QVERIFY(find("wwan0").state() == QNetworkConfiguration::Defined);
    QCOMPARE(find("wlan0").purpose(), QNetworkConfiguration::PublicPurpose);
    QCOMPARE(find("tun0").purpose(), QNetworkConfiguration::PrivatePurpose);
    QCOMPARE(find("wwan0").purpose(), QNetworkConfiguration::ServiceSpecificPurpose);
    QCOMPARE(find("tun0").name(), QString::fromUtf8("Häuschen"));
}

void Values::bearers_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<int>("type");
    QTest::addColumn<int>("family");
    using C = QNetworkConfiguration;
    QTest::newRow("unknown") << "Unknown" << int(C::BearerUnknown) << int(C::BearerUnknown);
    QTest::newRow("ethernet") << "Ethernet" << int(C::BearerEthernet) << int(C::BearerEthernet);
    QTest::newRow("wlan") << "WLAN" << int(C::BearerWLAN) << int(C::BearerWLAN);
    QTest::newRow("2g") << "2G" << int(C::Bearer2G) << int(C::Bearer2G);
    QTest::newRow("cdma2000") << "CDMA2000" << int(C::BearerCDMA2000) << int(C::Bearer3G);
    QTest::newRow("wcdma") << "WCDMA" << int(C::BearerWCDMA) << int(C::Bearer3G);
    QTest::newRow("hspa") << "HSPA" << int(C::BearerHSPA) << int(C::Bearer3G);
    QTest::newRow("bluetooth") << "Bluetooth" << int(C::BearerBluetooth) << int(C::BearerBluetooth);
    QTest::newRow("wimax") << "WiMAX" << int(C::BearerWiMAX) << int(C::Bearer4G);
    QTest::newRow("evdo") << "EVDO" << int(C::BearerEVDO) << int(C::Bearer3G);
    QTest::newRow("lte") << "LTE" << int(C::BearerLTE) << int(C::Bearer4G);
    QTest::newRow("3g") << "3G" << int(C::Bearer3G) << int(C::Bearer3G);
    QTest::newRow("4g") << "4G" << int(C::Bearer4G) << int(C::Bearer4G);
}

void Values::bearers()
{
    QFETCH(QString, name);
    QFETCH(int, type);
    QFETCH(int, family);
    const Play play(QByteArray("access-point x bearer=") + QTest::currentDataTag() + "\n");
    QNetworkConfigurationManager m;
    const QNetworkConfiguration c = find("x");
    QCOMPARE(c.bearerTypeName(), name);
    QCOMPARE(int(c.bearerType()), type);
    QCOMPARE(int(c.bearerTypeFamily()), family);
}

void Values::serviceNetwork()
{
    const Play play(office);
    QNetworkConfigurationManager m;
    const QNetworkConfiguration c = find("netsession:internet");
    QCOMPARE(c.type(), QNetworkConfiguration::ServiceNetwork);
    QCOMPARE(c.bearerType(), QNetworkConfiguration::BearerUnknown);
    QVERIFY(c.bearerTypeName().isEmpty());
    QVERIFY(c.isRoamingAvailable());
    QVERIFY(c.state() == QNetworkConfiguration::Active);
    QStringList children;
    for (const QNetworkConfiguration &child : c.children())
        children += child.identifier();
    children.sort();
    QCOMPARE(children, QStringList({"eth0", "wlan0", "wwan0"}));
}

void Values::gettersReturnTheCurrentState()
{
    const Play play("access-point eth0 state=active\non refresh\n set eth0 state=defined\non refresh\n remove eth0\n");
    QNetworkConfigurationManager m;
    const QNetworkConfiguration c = find("eth0"), copy(c);
    QVERIFY(c.state() == QNetworkConfiguration::Active);
    QVERIFY(playStep(&m));
    QVERIFY(c.state() == QNetworkConfiguration::Defined && copy.state() == c.state());
    QVERIFY(playStep(&m));
    QVERIFY(!copy.isValid());
    QCOMPARE(copy.type(), QNetworkConfiguration::Invalid);
    QVERIFY(copy.state() == QNetworkConfiguration::Undefined);
    QCOMPARE(copy.identifier(), QStringLiteral("eth0"));
}

void Values::configurationsAreShared()
{
    const Play play(office);
    QNetworkConfigurationManager m;
    QNetworkConfiguration a = find("eth0"), b = find("wlan0"), empty;
    QVERIFY(a == find("eth0") && a != b && a != empty && empty != a);
    a.swap(b);
    QCOMPARE(a.identifier(), QStringLiteral("wlan0"));
    qSwap(a, b);
    QCOMPARE(a.identifier(), QStringLiteral("eth0"));
    b = a;
    QVERIFY(a == b);
    b = QNetworkConfiguration();
    QVERIFY(b == empty);
    b = std::move(a);
    QCOMPARE(b.identifier(), QStringLiteral("eth0"));
    a = b;
    a = *&a;
    QVERIFY(a == b);
    QVERIFY(m.allConfigurations().contains(a));
    QCOMPARE(m.allConfigurations().indexOf(empty), -1);
}

void Values::configurationsOutliveTheirManager()
{
    QNetworkConfiguration kept;
    {
        const Play play(office);
        kept = find("eth0");
    }
    QVERIFY(kept.isValid());
    QCOMPARE(kept.name(), QStringLiteral("Office cable"));
    QVERIFY(kept.state() == QNetworkConfiguration::Active);
    QNetworkConfiguration copy = kept;
    kept = QNetworkConfiguration();
    QCOMPARE(copy.identifier(), QStringLiteral("eth0"));
}

void Values::lookUpByIdentifier()
{
    const Play play(office);
    QNetworkConfigurationManager m;
    for (const QNetworkConfiguration &c : m.allConfigurations())
        QVERIFY(m.configurationFromIdentifier(c.identifier()) == c);
    QVERIFY(!m.configurationFromIdentifier(QStringLiteral("nowhere")).isValid());
    QVERIFY(!m.configurationFromIdentifier(QString()).isValid());
    QVERIFY(m.configurationFromIdentifier(QString()) == QNetworkConfiguration());
}

void Values::connectTimeouts()
{
    const Play play(office);
    QNetworkConfigurationManager m;
    QNetworkConfiguration c = find("eth0");
    QCOMPARE(c.connectTimeout(), 5000);
    QVERIFY(c.setConnectTimeout(1234));
    QCOMPARE(c.connectTimeout(), 1234);
    QCOMPARE(find("eth0").connectTimeout(), 1234);
    QVERIFY(!c.setConnectTimeout(-1));
    QCOMPARE(c.connectTimeout(), 1234);
    QVERIFY(c.setConnectTimeout(0));
    QCOMPARE(c.connectTimeout(), 5000);
    QCOMPARE(find("wlan0").connectTimeout(), 30000);
}

static QString listed(QNetworkConfiguration::StateFlags flags)
{
    QStringList identifiers;
    for (const QNetworkConfiguration &c : QNetworkConfigurationManager().allConfigurations(flags))
        identifiers += c.identifier();
    return identifiers.join(QLatin1Char(' '));
}

void Values::filters()
{
    const Play play(office);
    QNetworkConfigurationManager m;
    QCOMPARE(listed({}), QStringLiteral("eth0 tun0 wlan0 wwan0 netsession:internet"));
    QCOMPARE(listed(QNetworkConfiguration::Defined), listed({}));
    QCOMPARE(listed(QNetworkConfiguration::Discovered), QStringLiteral("eth0 tun0 wlan0 netsession:internet"));
    QCOMPARE(listed(QNetworkConfiguration::Active), QStringLiteral("eth0 netsession:internet"));
    QCOMPARE(listed(QNetworkConfiguration::Undefined), QString());
}

void Values::defaultConfiguration()
{
    {
        const Play play(office);
        QCOMPARE(QNetworkConfigurationManager().defaultConfiguration().identifier(), QStringLiteral("eth0"));
    }
    const Play play("");
    QNetworkConfigurationManager m;
    QVERIFY(!m.defaultConfiguration().isValid());
    QCOMPARE(m.allConfigurations().size(), 1); // the empty "Internet"
    QVERIFY(!m.isOnline());
}

void Values::capabilities()
{
    using M = QNetworkConfigurationManager;
    {
        const Play play(office);
        const M::Capabilities can = M().capabilities();
        QVERIFY(can & M::CanStartAndStopInterfaces);
        QVERIFY((can & M::ApplicationLevelRoaming) && (can & M::ForcedRoaming) && (can & M::DataStatistics));
        QVERIFY(!(can & M::NetworkSessionRequired));
    }
    const Play play("access-point eth0 denied=\"Not you.\"\n");
    QVERIFY(!(M().capabilities() & M::CanStartAndStopInterfaces));
}

void Values::online()
{
    const Play play("access-point eth0 default-route=yes\non refresh\n set eth0 state=active\n"
                    "on refresh\n set eth0 metric=5\non refresh\n set eth0 default-route=no\n");
    QNetworkConfigurationManager m;
    QSignalSpy changes(&m, SIGNAL(onlineStateChanged(bool)));
    QVERIFY(!m.isOnline());
    QVERIFY(playStep(&m));
    QVERIFY(m.isOnline());
    QVERIFY(playStep(&m));
    QVERIFY(playStep(&m));
    QVERIFY(!m.isOnline());
    QCOMPARE(changes, QList<QVariantList>({{true}, {false}}));
}

// Each call emits one signal, and only the manager that was called emits it.
void Values::updates()
{
    const Play play(office);
    QNetworkConfigurationManager a, b;
    auto c = new QNetworkConfigurationManager;
    QSignalSpy ofA(&a, SIGNAL(updateCompleted())), ofB(&b, SIGNAL(updateCompleted()));
    a.updateConfigurations();
    c->updateConfigurations();
    a.updateConfigurations();
    b.updateConfigurations();
    delete c;
    a.updateConfigurations();
    QTRY_COMPARE_WITH_TIMEOUT(ofA.count(), 3, PlayWait);
    QVERIFY(playStep(&b));
    QCOMPARE(ofA.count(), 3);
    QCOMPARE(ofB.count(), 2);
}

void Values::newSession()
{
    const Play play(office);
    QNetworkConfigurationManager m;
    const QNetworkSession up(find("eth0")), down(find("wlan0")), far(find("wwan0"));
    QCOMPARE(up.state(), QNetworkSession::Connected);
    QCOMPARE(down.state(), QNetworkSession::Disconnected);
    QCOMPARE(far.state(), QNetworkSession::NotAvailable);
    QVERIFY(!up.isOpen());
    QVERIFY(up.configuration() == find("eth0"));
    QCOMPARE(up.error(), QNetworkSession::UnknownSessionError);
    QVERIFY(up.errorString().isEmpty());
    QCOMPARE(int(up.usagePolicies()), 0);
    QCOMPARE(down.activeTime(), quint64(0));
}

void Values::invalidSession()
{
    const Play play(office);
    QNetworkSession s{QNetworkConfiguration()};
    QCOMPARE(s.state(), QNetworkSession::Invalid);
    QCOMPARE(s.error(), QNetworkSession::InvalidConfigurationError);
    QVERIFY(!s.isOpen());
    QVERIFY(!s.configuration().isValid());
    QVERIFY(!s.interface().isValid());
    QCOMPARE(s.bytesReceived(), quint64(0));
    QVERIFY(!s.waitForOpened());
    s.close();
    s.stop();
    s.migrate();
    s.ignore();
    s.accept();
    s.reject();
    QSignalSpy errors(&s, SIGNAL(error(QNetworkSession::SessionError)));
    s.open();
    QVERIFY(!s.waitForOpened());
    QTRY_COMPARE_WITH_TIMEOUT(errors.count(), 1, PlayWait);
}

void Values::errors()
{
    const Play play("access-point eth0 name=Cable\nstart eth0 fails aborted \"The cable is tired.\"\n");
    QNetworkConfigurationManager m;
    QNetworkSession s(find("eth0"));
    QString inSlot;
    connect(&s, QOverload<QNetworkSession::SessionError>::of(&QNetworkSession::error), this,
            [&](QNetworkSession::SessionError error) {
                QCOMPARE(error, s.error());
                inSlot = s.errorString();
            });
    s.open();
    QVERIFY(!s.waitForOpened());
    QCOMPARE(s.error(), QNetworkSession::SessionAbortedError);
    QVERIFY2(inSlot.contains(QStringLiteral("The cable is tired.")), qPrintable(inSlot));
    QCOMPARE(s.errorString(), inSlot);
}

void Values::counters()
{
    const Play play(office);
    QNetworkConfigurationManager m;
    const QNetworkSession up(find("eth0")), down(find("wlan0"));
    QCOMPARE(up.bytesReceived(), quint64(1000));
    QCOMPARE(up.bytesWritten(), quint64(2000));
    QCOMPARE(down.bytesReceived(), quint64(0));
    QCOMPARE(down.bytesWritten(), quint64(0));
    QTRY_VERIFY_WITH_TIMEOUT(up.activeTime() >= 1, PlayWait);
}

// lo is the only link that every network namespace has, and its index is 1.
void Values::interfaces()
{
    const Play play("access-point a state=active interface=lo index=1\n"
                    "access-point b interface=lo index=1\n"
                    "access-point c state=active interface=other index=1\n"
                    "access-point d state=active interface=\"\" index=0\n");
    QNetworkConfigurationManager m;
    const QNetworkInterface lo = QNetworkSession(find("a")).interface();
    QVERIFY(lo.isValid());
    QCOMPARE(lo.name(), QStringLiteral("lo"));
    QVERIFY(!QNetworkSession(find("b")).interface().isValid());
    QVERIFY(!QNetworkSession(find("c")).interface().isValid());
    QVERIFY(!QNetworkSession(find("d")).interface().isValid());
}

void Values::readOnlyProperties()
{
    const Play play(office);
    QNetworkConfigurationManager m;
    QNetworkSession s(find("netsession:internet"));
    const QString active = QStringLiteral("ActiveConfiguration"), choice = QStringLiteral("UserChoiceConfiguration");
    QCOMPARE(s.sessionProperty(active), QVariant(QString()));
    QCOMPARE(s.sessionProperty(choice), QVariant(QString()));
    s.open();
    QVERIFY(s.waitForOpened());
    s.setSessionProperty(active, QStringLiteral("x"));
    s.setSessionProperty(choice, QStringLiteral("x"));
    QCOMPARE(s.sessionProperty(active).toString(), QStringLiteral("eth0"));
    QCOMPARE(s.sessionProperty(choice).toString(), QString());
}

void Values::autoClose()
{
    const Play play(office);
    QNetworkConfigurationManager m;
    QNetworkSession s(find("eth0"));
    const QString key = QStringLiteral("AutoCloseSessionTimeout");
    QCOMPARE(s.sessionProperty(key), QVariant(-1));
    s.setSessionProperty(key, QStringLiteral("soon"));
    QCOMPARE(s.sessionProperty(key), QVariant(-1));
    s.setSessionProperty(key, 60000);
    QCOMPARE(s.sessionProperty(key), QVariant(60000));
    s.setSessionProperty(key, QVariant());
    QCOMPARE(s.sessionProperty(key), QVariant(-1));
    QSignalSpy closed(&s, SIGNAL(closed()));
    s.open();
    QVERIFY(s.waitForOpened());
    s.setSessionProperty(key, 20);
    QTRY_COMPARE_WITH_TIMEOUT(closed.count(), 1, PlayWait);
    QVERIFY(!s.isOpen());
    QCOMPARE(s.sessionProperty(key), QVariant(-1));
}

void Values::connectInBackground()
{
    const Play play(office);
    QNetworkConfigurationManager m;
    QNetworkSession s(find("eth0"));
    const QString key = QStringLiteral("ConnectInBackground");
    QVERIFY(!s.sessionProperty(key).isValid());
    s.setSessionProperty(key, true);
    QCOMPARE(s.sessionProperty(key), QVariant(true));
    s.setSessionProperty(key, QVariant());
    QVERIFY(!s.sessionProperty(key).isValid());
}

void Values::otherProperties()
{
    const Play play(office);
    QNetworkConfigurationManager m;
    QNetworkSession s(find("eth0"));
    const QString key = QStringLiteral("Größe");
    const QVariantList list = {1, QStringLiteral("two"), QByteArray("thr\0ee", 6)};
    s.setSessionProperty(key, list);
    QCOMPARE(s.sessionProperty(key).toList(), list);
    s.setSessionProperty(QString(), 5);
    QCOMPARE(s.sessionProperty(QString()), QVariant(5));
    s.setSessionProperty(key, QVariant());
    QVERIFY(!s.sessionProperty(key).isValid());
}

void Values::waiting()
{
    const Play play("access-point wlan0\nstart wlan0 hangs\naccess-point eth0 state=active\n"
                    "on refresh\n start wlan0 succeeds\n");
    QNetworkConfigurationManager m;
    QNetworkSession slow(find("wlan0")), fast(find("eth0"));
    Log log;
    log.watch(&slow);
    QVERIFY(!slow.waitForOpened(-1));
    slow.open();
    QCOMPARE(slow.state(), QNetworkSession::Connecting); // without an event loop in between
    m.updateConfigurations();
    QVERIFY(slow.waitForOpened(-1));
    QCOMPARE(log.received(), QStringLiteral("Connecting, opened, Connected"));
    QVERIFY(slow.waitForOpened(0));
    fast.open();
    QVERIFY(fast.isOpen()); // also without an event loop
    QVERIFY(fast.waitForOpened());
}

void Values::waitEndsEarly()
{
    const Play play("access-point wlan0\nstart wlan0 hangs\n");
    QNetworkConfigurationManager m;
    auto s = new QNetworkSession(find("wlan0"));
    s->open();
    QVERIFY(!s->waitForOpened(20));
    QCOMPARE(s->state(), QNetworkSession::Connecting);
    QTimer::singleShot(20, s, [&] { s->close(); });
    QVERIFY(!s->waitForOpened(-1));
    s->open();
    QTimer::singleShot(20, [&] { delete s; });
    QVERIFY(!s->waitForOpened(-1));
}

QTEST_GUILESS_MAIN(Values)
#include "tst_values.moc"
