// tst_roaming.cpp - who decides about roaming, and what is told of it.
#include "play.h"

class Roaming : public QObject
{
    Q_OBJECT

private slots:
    void byItself();
    void byTheApplication_data();
    void byTheApplication();
    void lostWithoutAnAnswer();
    void whoListensDecides_data();
    void whoListensDecides();
    void whoListensNoMore_data();
    void whoListensNoMore();
    void connectedInTheSlot();

public slots:
    void onPreferred(const QNetworkConfiguration &better, bool isSeamless)
    {
        m_offers += better.identifier() + (isSeamless ? " seamless" : "");
    }

private:
    QStringList m_offers;
};

// Wi-Fi is in use when the cable is plugged in, which is better.
static const char cable[] =
    "access-point wlan0 bearer=wlan state=active address=192.0.2.1/24 default-route=yes metric=600\n"
    "access-point eth0 bearer=ethernet state=defined address=192.0.2.2/24 default-route=yes metric=100\n"
    "on refresh\n set eth0 state=active\n"
    "on refresh\n set eth0 state=defined\n";

// A session that is open on "Internet".
struct Traveller
{
    QNetworkConfigurationManager manager;
    QNetworkSession session;
    Log log;

    Traveller() : session(manager.configurationFromIdentifier(QStringLiteral("netsession:internet")))
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

void Roaming::byItself()
{
    const Play play(cable);
    Traveller t;
    QCOMPARE(t.active(), QStringLiteral("wlan0"));
    QVERIFY(playStep(&t.manager));
    QVERIFY(t.log.await(QStringLiteral("Connected")));
    QCOMPARE(t.log.told(), QStringLiteral("Roaming, newConfigurationActivated, Connected"));
    QCOMPARE(t.active(), QStringLiteral("eth0"));
    t.log.clear();
    QVERIFY(playStep(&t.manager));
    QVERIFY(t.log.await(QStringLiteral("Connected")));
    QCOMPARE(t.log.told(), QStringLiteral("Roaming, newConfigurationActivated, Connected"));
    QCOMPARE(t.active(), QStringLiteral("wlan0"));
}

void Roaming::byTheApplication_data()
{
    QTest::addColumn<QStringList>("answers");
    QTest::addColumn<QString>("told");
    QTest::addColumn<QString>("active");
    QTest::newRow("no answer") << QStringList() << "" << "wlan0";
    QTest::newRow("ignore") << QStringList("ignore") << "" << "wlan0";
    QTest::newRow("migrate") << QStringList("migrate") << "Roaming, newConfigurationActivated, Connected" << "eth0";
    QTest::newRow("accept") << QStringList({"migrate", "accept"}) << "Roaming, newConfigurationActivated, Connected" << "eth0";
    QTest::newRow("reject") << QStringList({"migrate", "reject"}) << "Roaming, newConfigurationActivated, Connected, Roaming, Connected" << "wlan0";
    QTest::newRow("answers without a question") << QStringList({"accept", "reject"}) << "" << "wlan0";
}

// Each answer is given when what the one before led to has been told.
void Roaming::byTheApplication()
{
    QFETCH(QStringList, answers);
    QFETCH(QString, told);
    QFETCH(QString, active);
    const Play play(cable);
    Traveller t;
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
    t.session.open(); // does nothing, after what was called before has been carried out
    QCoreApplication::processEvents();
    QTRY_COMPARE_WITH_TIMEOUT(t.log.told(), told, PlayWait);
    QCOMPARE(t.active(), active);
    QCOMPARE(m_offers.size(), 1);
}

void Roaming::lostWithoutAnAnswer()
{
    const Play play("access-point eth0 bearer=ethernet state=active default-route=yes connect-timeout=50ms\n"
                    "access-point wlan0 bearer=wlan state=active default-route=yes metric=600 connect-timeout=50ms\n"
                    "on refresh\n set eth0 state=defined\n");
    Traveller t;
    t.session.configuration().setConnectTimeout(50);
    connect(&t.session, &QNetworkSession::preferredConfigurationChanged, &t.log,
            [&](const QNetworkConfiguration &c) { t.log.add("offer " + c.identifier()); });
    QVERIFY(playStep(&t.manager));
    QVERIFY(t.log.await(QStringLiteral("RoamingError")));
    QVERIFY(playStep(&t.manager));
    QVERIFY(t.log.told().startsWith(QStringLiteral("offer wlan0, Roaming, closed, RoamingError")));
    QVERIFY(!t.session.isOpen());
}

enum Style { ByName, ByMember, ToSignal, ByFunctor };

void Roaming::whoListensDecides_data()
{
    QTest::addColumn<int>("style");
    QTest::newRow("by name") << int(ByName);
    QTest::newRow("by member") << int(ByMember);
    QTest::newRow("to a signal") << int(ToSignal);
    QTest::newRow("by functor") << int(ByFunctor);
}

void Roaming::whoListensDecides()
{
    QFETCH(int, style);
    const Play play(cable);
    Traveller t;
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
    QCOMPARE(t.log.told(), QString());
    QCOMPARE(t.session.state(), QNetworkSession::Connected);
}

void Roaming::whoListensNoMore_data()
{
    QTest::addColumn<QString>("how");
    for (const char *how : {"the signal", "everything", "one of two", "the receiver is gone", "the connection"})
        QTest::newRow(how) << QString::fromLatin1(how);
}

// An offer that is open when the last one leaves is taken by the library.
void Roaming::whoListensNoMore()
{
    QFETCH(QString, how);
    const Play play(cable);
    Traveller t;
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
        QVERIFY(playStep(&t.manager)); // the cable is pulled again
        QCOMPARE(t.log.told(), QString());
        disconnect(&t.session, nullptr, this, nullptr);
        delete receiver;
        return;
    } else if (how == QLatin1String("the receiver is gone")) {
        delete receiver;
    } else {
        disconnect(connection);
    }
    QVERIFY(t.log.await(QStringLiteral("Connected")));
    QCOMPARE(t.log.told(), QStringLiteral("Roaming, newConfigurationActivated, Connected"));
    QCOMPARE(t.active(), QStringLiteral("eth0"));
    if (how != QLatin1String("the receiver is gone"))
        delete receiver;
}

// Answers in the slot, as the documentation of Qt 4 showed it.
void Roaming::connectedInTheSlot()
{
    const Play play(cable);
    Traveller t;
    connect(&t.session, &QNetworkSession::preferredConfigurationChanged, &t.session, &QNetworkSession::migrate);
    connect(&t.session, &QNetworkSession::newConfigurationActivated, &t.session, &QNetworkSession::accept);
    QVERIFY(playStep(&t.manager));
    QVERIFY(t.log.await(QStringLiteral("Connected")));
    QCOMPARE(t.log.told(), QStringLiteral("Roaming, newConfigurationActivated, Connected"));
    QCOMPARE(t.active(), QStringLiteral("eth0"));
}

QTEST_GUILESS_MAIN(Roaming)
#include "tst_roaming.moc"
