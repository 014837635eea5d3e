// tst_roaming.cpp - roaming by the library and by the application.
#include "play.h"

class Roaming : public QObject
{
    Q_OBJECT

private slots:
    void byTheLibrary();
    void byTheApplication_data();
    void byTheApplication();
    void linkLostWithoutAnAnswer();
    void connectionEnablesApplicationRoaming_data();
    void connectionEnablesApplicationRoaming();
    void disconnectionReturnsRoamingToTheLibrary_data();
    void disconnectionReturnsRoamingToTheLibrary();
    void answeredInTheSlot();

public slots:
    void onPreferred(const QNetworkConfiguration &better, bool isSeamless)
    {
        m_offers += better.identifier() + (isSeamless ? " seamless" : "");
    }

private:
    QStringList m_offers;
};

// Wi-Fi is in use when a cable, which ranks higher, is plugged in.
static const char cable[] =
    "access-point wlan0 bearer=wlan state=active address=192.0.2.1/24 default-route=yes metric=600\n"
    "access-point eth0 bearer=ethernet state=defined address=192.0.2.2/24 default-route=yes metric=100\n"
    "on refresh\n set eth0 state=active\n"
    "on refresh\n set eth0 state=defined\n";

// An open session on "Internet".
struct RoamingSession
{
    QNetworkConfigurationManager manager;
    QNetworkSession session;
    Log log;

    RoamingSession() : session(manager.configurationFromIdentifier(QStringLiteral("netsession:internet")))
    {
        session.open();
        if (!session.waitForOpened())
            qFatal("The session is not open");
        log.watch(&session);
    }
    QString active() const
    {
        return session.sessionProperty(QStringLiteral("ActiveConfiguration")).toString();
    }
};

void Roaming::byTheLibrary()
{
    const Play play(cable);
    RoamingSession t;
    QCOMPARE(t.active(), QStringLiteral("wlan0"));
    QVERIFY(playStep(&t.manager));
    QVERIFY(t.log.await(QStringLiteral("Connected")));
    QCOMPARE(t.log.received(), QStringLiteral("Roaming, newConfigurationActivated, Connected"));
    QCOMPARE(t.active(), QStringLiteral("eth0"));
    t.log.clear();
    QVERIFY(playStep(&t.manager));
    QVERIFY(t.log.await(QStringLiteral("Connected")));
    QCOMPARE(t.log.received(), QStringLiteral("Roaming, newConfigurationActivated, Connected"));
    QCOMPARE(t.active(), QStringLiteral("wlan0"));
}

void Roaming::byTheApplication_data()
{
    QTest::addColumn<QStringList>("answers");
    QTest::addColumn<QString>("received");
    QTest::addColumn<QString>("active");
    QTest::newRow("no answer") << QStringList() << "" << "wlan0";
    QTest::newRow("ignore") << QStringList("ignore") << "" << "wlan0";
    QTest::newRow("migrate") << QStringList("migrate") << "Roaming, newConfigurationActivated, Connected" << "eth0";
    QTest::newRow("accept") << QStringList({"migrate", "accept"}) << "Roaming, newConfigurationActivated, Connected" << "eth0";
    QTest::newRow("reject") << QStringList({"migrate", "reject"}) << "Roaming, newConfigurationActivated, Connected, Roaming, Connected" << "wlan0";
    QTest::newRow("answers without an offer") << QStringList({"accept", "reject"}) << "" << "wlan0";
}

// Each answer follows the signals that the previous answer causes.
void Roaming::byTheApplication()
{
    QFETCH(QStringList, answers);
    QFETCH(QString, received);
    QFETCH(QString, active);
    const Play play(cable);
    RoamingSession t;
    m_offers.clear();
    QVERIFY(connect(&t.session, SIGNAL(preferredConfigurationChanged(QNetworkConfiguration,bool)), this,
                    SLOT(onPreferred(QNetworkConfiguration,bool))));
    QVERIFY(playStep(&t.manager));
    QTRY_COMPARE_WITH_TIMEOUT(m_offers, QStringList("eth0"), PlayWait);
    for (const QString &answer : answers) {
        QVERIFY(QMetaObject::invokeMethod(&t.session, answer.toLatin1().constData()));
        if (answer == QLatin1String("migrate"))
            QVERIFY(t.log.await(QStringLiteral("Connected")));
    }
    t.session.open(); // has no effect, but waits until the previous calls have been carried out
    QCoreApplication::processEvents();
    QTRY_COMPARE_WITH_TIMEOUT(t.log.received(), received, PlayWait);
    QCOMPARE(t.active(), active);
    QCOMPARE(m_offers.size(), 1);
}

void Roaming::linkLostWithoutAnAnswer()
{
    const Play play("access-point eth0 bearer=ethernet state=active default-route=yes connect-timeout=50ms\n"
                    "access-point wlan0 bearer=wlan state=active default-route=yes metric=600 connect-timeout=50ms\n"
                    "on refresh\n set eth0 state=defined\n");
    RoamingSession t;
    t.session.configuration().setConnectTimeout(50);
    connect(&t.session, &QNetworkSession::preferredConfigurationChanged, &t.log,
            [&](const QNetworkConfiguration &c) { t.log.add("offer " + c.identifier()); });
    QVERIFY(playStep(&t.manager));
    QVERIFY(t.log.await(QStringLiteral("RoamingError")));
    QVERIFY(playStep(&t.manager));
    QVERIFY(t.log.received().startsWith(QStringLiteral("offer wlan0, Roaming, closed, RoamingError")));
    QVERIFY(!t.session.isOpen());
}

enum Style { ByName, ByMember, ToSignal, ByFunctor };

void Roaming::connectionEnablesApplicationRoaming_data()
{
    QTest::addColumn<int>("style");
    QTest::newRow("by name") << int(ByName);
    QTest::newRow("by member") << int(ByMember);
    QTest::newRow("to a signal") << int(ToSignal);
    QTest::newRow("by functor") << int(ByFunctor);
}

void Roaming::connectionEnablesApplicationRoaming()
{
    QFETCH(int, style);
    const Play play(cable);
    RoamingSession t;
    QNetworkSession relay{QNetworkConfiguration()};
    m_offers.clear();
    switch (style) {
    case ByName:
        connect(&t.session, SIGNAL(preferredConfigurationChanged(QNetworkConfiguration, bool)), this,
                SLOT(onPreferred(QNetworkConfiguration, bool)));
        break;
    case ByMember:
        connect(&t.session, &QNetworkSession::preferredConfigurationChanged, this, &Roaming::onPreferred);
        break;
    case ToSignal:
        connect(&t.session, &QNetworkSession::preferredConfigurationChanged, &relay,
                &QNetworkSession::preferredConfigurationChanged);
        connect(&relay, &QNetworkSession::preferredConfigurationChanged, this, &Roaming::onPreferred);
        break;
    case ByFunctor:
        connect(&t.session, &QNetworkSession::preferredConfigurationChanged,
                [this](const QNetworkConfiguration &c, bool seamless) { onPreferred(c, seamless); });
        break;
    }
    QVERIFY(playStep(&t.manager));
    QTRY_COMPARE_WITH_TIMEOUT(m_offers.size(), 1, PlayWait);
    QCOMPARE(t.log.received(), QString());
    QCOMPARE(t.session.state(), QNetworkSession::Connected);
}

void Roaming::disconnectionReturnsRoamingToTheLibrary_data()
{
    QTest::addColumn<QString>("how");
    for (const char *how : {"the signal", "everything", "one of two", "receiver deleted", "the connection"})
        QTest::newRow(how) << QString::fromLatin1(how);
}

// The library takes a pending offer when the last slot is disconnected.
void Roaming::disconnectionReturnsRoamingToTheLibrary()
{
    QFETCH(QString, how);
    const Play play(cable);
    RoamingSession t;
    QObject *const receiver = new QObject(this);
    int offers = 0;
    const auto connection = connect(&t.session, &QNetworkSession::preferredConfigurationChanged,
                                    receiver, [&] { ++offers; });
    QVERIFY(playStep(&t.manager));
    QTRY_COMPARE_WITH_TIMEOUT(offers, 1, PlayWait);
    if (how == QLatin1String("the signal")) {
        disconnect(&t.session, SIGNAL(preferredConfigurationChanged(QNetworkConfiguration,bool)), receiver, nullptr);
    } else if (how == QLatin1String("everything")) {
        t.session.disconnect();
        t.log.watch(&t.session);
    } else if (how == QLatin1String("one of two")) {
        connect(&t.session, &QNetworkSession::preferredConfigurationChanged, this, &Roaming::onPreferred);
        disconnect(connection);
        QNetworkConfigurationManager other;
        QVERIFY(playStep(&t.manager)); // the cable is unplugged again
        QCOMPARE(t.log.received(), QString());
        disconnect(&t.session, nullptr, this, nullptr);
        delete receiver;
        return;
    } else if (how == QLatin1String("receiver deleted")) {
        delete receiver;
    } else {
        disconnect(connection);
    }
    QVERIFY(t.log.await(QStringLiteral("Connected")));
    QCOMPARE(t.log.received(), QStringLiteral("Roaming, newConfigurationActivated, Connected"));
    QCOMPARE(t.active(), QStringLiteral("eth0"));
    if (how != QLatin1String("receiver deleted"))
        delete receiver;
}

// Answers in the slot, as in the documentation of Qt 4.
void Roaming::answeredInTheSlot()
{
    const Play play(cable);
    RoamingSession t;
    connect(&t.session, &QNetworkSession::preferredConfigurationChanged, &t.session, &QNetworkSession::migrate);
    connect(&t.session, &QNetworkSession::newConfigurationActivated, &t.session, &QNetworkSession::accept);
    QVERIFY(playStep(&t.manager));
    QVERIFY(t.log.await(QStringLiteral("Connected")));
    QCOMPARE(t.log.received(), QStringLiteral("Roaming, newConfigurationActivated, Connected"));
    QCOMPARE(t.active(), QStringLiteral("eth0"));
}

QTEST_GUILESS_MAIN(Roaming)
#include "tst_roaming.moc"
