// tst_extras.cpp - the functions of extras.h.
#include "play.h"

#include <NetSession/extras.h>

class Extras : public QObject
{
    Q_OBJECT

private slots:
    void serviceNetwork();
    void choosesInsideWaitForOpened();
    void choosesLater();
    void choosesNone();
    void deletedInTheChooser();
    void withoutAChooser();
    void socketWithoutALink();
    void signalStrength();
    void underlying();
    void networkState();
    void nullArguments();
};

static const char net[] =
    "access-point wlan0 bearer=wlan state=active address=192.0.2.1/24 default-route=yes metric=600\n"
    "access-point eth0 bearer=ethernet state=active address=192.0.2.2/24 default-route=yes metric=100\n";

static QNetworkConfiguration find(QNetworkConfigurationManager &m, const char *identifier)
{
    return m.configurationFromIdentifier(QLatin1String(identifier));
}

static QString chosen(const QNetworkSession &s)
{
    return s.sessionProperty(QStringLiteral("UserChoiceConfiguration")).toString();
}

void Extras::serviceNetwork()
{
    const Play play(net);
    QNetworkConfigurationManager m;
    QString why;
    const QNetworkConfiguration office = NetSession::defineServiceNetwork(
        m, QStringLiteral("office"), QStringLiteral("The office"), QNetworkConfiguration::PrivatePurpose,
        {find(m, "wlan0"), find(m, "eth0")}, &why);
    QVERIFY2(office.isValid(), qPrintable(why));
    QCOMPARE(office.identifier(), QStringLiteral("network:office"));
    QCOMPARE(office.name(), QStringLiteral("The office"));
    QCOMPARE(office.purpose(), QNetworkConfiguration::PrivatePurpose);
    QCOMPARE(office.children().size(), 2);
    QNetworkSession s(office);
    s.open();
    QVERIFY(s.waitForOpened(PlayWait));
    QVERIFY(NetSession::removeServiceNetwork(m, office));
    QTRY_VERIFY_WITH_TIMEOUT(!s.isOpen(), PlayWait);
    QVERIFY(!NetSession::removeServiceNetwork(m, office));
    QVERIFY(!NetSession::defineServiceNetwork(m, QStringLiteral("none"), QString(),
                                              QNetworkConfiguration::UnknownPurpose, {}, &why).isValid());
    QVERIFY(!why.isEmpty());
}

void Extras::choosesInsideWaitForOpened()
{
    const Play play(net);
    QNetworkConfigurationManager m;
    QNetworkSession s(find(m, "netsession:user-choice"));
    NetSession::setChooser(m, [&](QNetworkSession *asking, const QList<QNetworkConfiguration> &candidates) {
        QCOMPARE(asking, &s);
        QCOMPARE(candidates.first().identifier(), QStringLiteral("eth0"));
        QVERIFY(NetSession::choose(asking, find(m, "wlan0")));
        QVERIFY(!NetSession::choose(asking, find(m, "eth0")));
    });
    s.open();
    QVERIFY(s.waitForOpened(PlayWait));
    QCOMPARE(chosen(s), QStringLiteral("wlan0"));
}

void Extras::choosesLater()
{
    const Play play(net);
    QNetworkConfigurationManager m;
    QNetworkSession s(find(m, "netsession:user-choice"));
    NetSession::setChooser(m, [&](QNetworkSession *asking, const QList<QNetworkConfiguration> &) {
        NetSession::setChooser(m, {});
        QTimer::singleShot(0, asking, [&m, asking] { NetSession::choose(asking, find(m, "wlan0")); });
    });
    s.open();
    QVERIFY(s.waitForOpened(PlayWait));
    QCOMPARE(chosen(s), QStringLiteral("wlan0"));
}

void Extras::choosesNone()
{
    const Play play(net);
    QNetworkConfigurationManager m;
    QNetworkSession s(find(m, "netsession:user-choice"));
    NetSession::setChooser(m, [](QNetworkSession *asking, const QList<QNetworkConfiguration> &) {
        NetSession::choose(asking, QNetworkConfiguration());
    });
    s.open();
    QVERIFY(!s.waitForOpened(PlayWait));
    QCOMPARE(s.error(), QNetworkSession::SessionAbortedError);
}

void Extras::deletedInTheChooser()
{
    const Play play(net);
    auto *const m = new QNetworkConfigurationManager;
    auto *const s = new QNetworkSession(find(*m, "netsession:user-choice"));
    bool asked = false;
    NetSession::setChooser(*m, [&asked, m](QNetworkSession *asking, const QList<QNetworkConfiguration> &) {
        asked = true;
        delete asking;
        delete m;
    });
    s->open();
    QVERIFY(!s->waitForOpened(PlayWait));
    QVERIFY(asked);
}

void Extras::withoutAChooser()
{
    const Play play(net);
    QNetworkConfigurationManager m;
    {
        QNetworkConfigurationManager other;
        NetSession::setChooser(other, [](QNetworkSession *, const QList<QNetworkConfiguration> &) {
            QFAIL("The manager of the chooser was deleted.");
        });
    }
    QNetworkSession s(find(m, "netsession:user-choice"));
    s.open();
    QVERIFY(s.waitForOpened(PlayWait));
    QCOMPARE(chosen(s), QStringLiteral("eth0"));
    QVERIFY(!NetSession::choose(&s, find(m, "wlan0")));
}

void Extras::socketWithoutALink()
{
    const Play play(net);
    QNetworkConfigurationManager m;
    const QNetworkSession s(find(m, "nowhere"));
    QString why;
    QVERIFY(!NetSession::bindSocket(s, -1, &why));
    QVERIFY(!why.isEmpty());
}

void Extras::signalStrength()
{
    const Play play("access-point wlan0 bearer=wlan strength=72\n"
                    "access-point eth0 bearer=ethernet\n"
                    "on refresh\n set wlan0 strength=31\n");
    QNetworkConfigurationManager m;
    const QNetworkConfiguration wlan0 = find(m, "wlan0");
    QCOMPARE(NetSession::signalStrength(wlan0), 72);
    QCOMPARE(NetSession::signalStrength(find(m, "eth0")), 0);
    QCOMPARE(NetSession::signalStrength(QNetworkConfiguration()), 0);
    QVERIFY(playStep(&m));
    QCOMPARE(NetSession::signalStrength(wlan0), 31);
}

void Extras::underlying()
{
    const Play play("access-point wwan0 bearer=lte state=active metered=yes address=192.0.2.1/32 default-route=yes metric=700\n"
                    "access-point vpn0 role=tunnel state=active address=10.8.0.2/24 default-route=yes metric=50\n"
                    "on refresh\n set wwan0 metered=no\n"
                    "on refresh\n set vpn0 over=wlan0\n");
    QNetworkConfigurationManager m;
    const QNetworkConfiguration vpn0 = find(m, "vpn0");
    QCOMPARE(NetSession::underlying(vpn0), QList<QNetworkConfiguration>{find(m, "wwan0")});
    QVERIFY(NetSession::underlying(find(m, "wwan0")).isEmpty());
    QVERIFY(NetSession::underlying(find(m, "netsession:internet")).isEmpty());
    QVERIFY(NetSession::underlying(QNetworkConfiguration()).isEmpty());
    QNetworkSession s(vpn0);
    QCOMPARE(s.usagePolicies(), QNetworkSession::UsagePolicies(QNetworkSession::NoBackgroundTrafficPolicy));
    QVERIFY(NetSession::isMetered(m));
    QCOMPARE(NetSession::transportMedium(m), NetSession::TransportMedium::Cellular);
    QVERIFY(playStep(&m));
    QTRY_COMPARE_WITH_TIMEOUT(s.usagePolicies(), QNetworkSession::UsagePolicies(), PlayWait);
    QVERIFY(!NetSession::isMetered(m));
    QVERIFY(playStep(&m));
    QVERIFY(NetSession::underlying(vpn0).isEmpty());
}

void Extras::networkState()
{
    const Play play("access-point wwan0 bearer=lte\n"
                    "on refresh\n set wwan0 state=active address=192.0.2.1/24 default-route=yes reach=site captive-portal=yes\n"
                    "on refresh\n set wwan0 reach=online captive-portal=no metered=yes\n");
    QNetworkConfigurationManager m;
    using NetSession::Reachability;
    QCOMPARE(NetSession::reachability(m), Reachability::Disconnected);
    QCOMPARE(NetSession::transportMedium(m), NetSession::TransportMedium::Unknown);
    QList<Reachability> seen;
    connect(&m, &QNetworkConfigurationManager::configurationChanged, this,
            [&] { seen += NetSession::reachability(m); });
    QVERIFY(playStep(&m));
    QCOMPARE(seen.last(), Reachability::Site);
    QVERIFY(NetSession::isBehindCaptivePortal(m));
    QCOMPARE(NetSession::transportMedium(m), NetSession::TransportMedium::Cellular);
    QVERIFY(!NetSession::isMetered(m));
    QVERIFY(playStep(&m));
    QCOMPARE(seen.last(), Reachability::Online);
    QVERIFY(!NetSession::isBehindCaptivePortal(m));
    QVERIFY(NetSession::isMetered(m));
}

void Extras::nullArguments()
{
    QVERIFY(!NetSession::choose(nullptr, QNetworkConfiguration()));
    QCOMPARE(QNetworkConfiguration(), QNetworkConfiguration());
}

QTEST_GUILESS_MAIN(Extras)
#include "tst_extras.moc"
