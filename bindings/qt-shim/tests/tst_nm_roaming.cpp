// tst_nm_roaming.cpp - a session on "Internet" with a real NetworkManager: office is
// active on eth0 when the cable of eth1 is plugged in; home on eth1 has the better route.
#include "networkmanager.h"

#include <NetSession/extras.h>

#include <QtNetwork/QUdpSocket>
#include <memory>

class NmRoaming : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void cleanup();
    void accepted();
    void rejected();
    void ignored();
    void migrateAfterConnectionLost();
    void byTheLibraryThereAndBack();

public slots:
    void onPreferred(const QNetworkConfiguration &config, bool isSeamless)
    {
        m_log->add("offer " + config.name() + (isSeamless ? " seamless" : ""));
    }

private:
    void addHome(const char *settings = "");
    void open();
    QString active() const
    {
        return m_session->sessionProperty(QStringLiteral("ActiveConfiguration")).toString();
    }
    QByteArray linkOfASocket() const;

    std::unique_ptr<QNetworkConfigurationManager> m_manager;
    std::unique_ptr<QNetworkSession> m_session;
    std::unique_ptr<Log> m_log;
};

static const QString moved = QStringLiteral("Roaming, newConfigurationActivated, Connected");

void NmRoaming::initTestCase()
{
    QVERIFY2(isInLab(), "to be run by tests/lab/tools/enter");
}

void NmRoaming::init()
{
    m_manager.reset(new QNetworkConfigurationManager);
    QVERIFY(cable("eth0") && cable("eth1") && plug("eth1", false));
    QVERIFY(profile("office", "eth0", office, "ipv4.addresses 192.0.2.2/24 ipv4.gateway 192.0.2.1 ipv4.route-metric 200"));
    QTRY_VERIFY_WITH_TIMEOUT(configurationOf(office).state() == QNetworkConfiguration::Active, PlayWait);
    QVERIFY(run("timeout 120 sh -c 'until nmcli -t -f DEVICE,STATE device | grep -q eth1:unavailable; do sleep 0.05; done'"));
}

void NmRoaming::cleanup()
{
    m_session.reset();
    m_log.reset();
    QVERIFY(run("nmcli connection delete office home"));
    QVERIFY(run("for link in eth0 eth1; do ip link delete $link && ip netns delete router-$link; done"));
    for (const char *identifier : {office, home})
        QTRY_VERIFY_WITH_TIMEOUT(!configurationOf(identifier).isValid(), PlayWait);
    m_manager.reset();
}

void NmRoaming::addHome(const char *settings)
{
    QVERIFY(profile("home", "eth1", home, QByteArray("ipv4.addresses 203.0.113.2/24 ipv4.gateway 203.0.113.1 ipv4.route-metric 100 ") + settings));
    QTRY_VERIFY_WITH_TIMEOUT(configurationOf(home).state() == QNetworkConfiguration::Defined, PlayWait);
}

// Opens a session that uses office, and logs its signals from then on.
void NmRoaming::open()
{
    m_session.reset(new QNetworkSession(configurationOf("netsession:internet")));
    m_session->open();
    QVERIFY(m_session->waitForOpened(PlayWait));
    QCOMPARE(active(), QLatin1String(office));
    QCOMPARE(m_session->interface().name(), QStringLiteral("eth0"));
    m_log.reset(new Log);
    m_log->watch(m_session.get());
}

QByteArray NmRoaming::linkOfASocket() const
{
    QUdpSocket socket;
    return socket.bind() && NetSession::bindSocket(*m_session, socket.socketDescriptor())
        ? linkOf(socket.socketDescriptor()) : QByteArray();
}

#define ASK() \
    QVERIFY(connect(m_session.get(), SIGNAL(preferredConfigurationChanged(QNetworkConfiguration,bool)), this, \
                    SLOT(onPreferred(QNetworkConfiguration,bool))))

void NmRoaming::accepted()
{
    addHome();
    open();
    ASK();
    QVERIFY(plug("eth1", true));
    QVERIFY(m_log->await(QStringLiteral("offer home")));
    QCOMPARE(m_session->state(), QNetworkSession::Connected); // nothing changes before the answer
    QCOMPARE(active(), QLatin1String(office));
    m_session->migrate();
    QVERIFY(m_log->await(QStringLiteral("Connected")));
    QCOMPARE(active(), QLatin1String(home));
    QCOMPARE(m_session->interface().name(), QStringLiteral("eth1"));
    QCOMPARE(linkOfASocket(), QByteArray("eth1"));
    QVERIFY(isActive("office")); // the session holds office until accept()
    m_session->accept();
    QVERIFY(plug("eth0", false));
    QTRY_VERIFY_WITH_TIMEOUT(configurationOf(office).state() == QNetworkConfiguration::Defined, PlayWait);
    QCOMPARE(m_log->received(), "offer home, " + moved);
    QVERIFY(m_session->isOpen());
}

void NmRoaming::rejected()
{
    addHome();
    open();
    ASK();
    QVERIFY(plug("eth1", true));
    QVERIFY(m_log->await(QStringLiteral("offer home")));
    m_session->migrate();
    QVERIFY(m_log->await(QStringLiteral("Connected")));
    m_log->clear();
    m_session->reject();
    QVERIFY(m_log->await(QStringLiteral("Connected")));
    QCOMPARE(m_log->received(), QStringLiteral("Roaming, Connected"));
    QCOMPARE(active(), QLatin1String(office));
    QCOMPARE(linkOfASocket(), QByteArray("eth0"));
    QVERIFY(isActive("home")); // NetworkManager had activated it, not the session
}

void NmRoaming::ignored()
{
    addHome();
    open();
    ASK();
    QVERIFY(plug("eth1", true));
    QVERIFY(m_log->await(QStringLiteral("offer home")));
    m_session->ignore();
    m_session->migrate(); // has no effect: the offer was declined
    QVERIFY(playStep(m_manager.get()));
    QCOMPARE(m_log->received(), QStringLiteral("offer home"));
    QCOMPARE(active(), QLatin1String(office));
}

// home is not active: migrate() brings it up, and the last close() takes it down.
void NmRoaming::migrateAfterConnectionLost()
{
    addHome("autoconnect no");
    open();
    ASK();
    QVERIFY(plug("eth1", true));
    QTRY_VERIFY_WITH_TIMEOUT(configurationOf(home).state() == QNetworkConfiguration::Discovered, PlayWait);
    QVERIFY(plug("eth0", false));
    QVERIFY(m_log->await(QStringLiteral("Roaming")));
    QVERIFY(!isActive("home"));
    m_session->migrate();
    QVERIFY(m_log->await(QStringLiteral("Connected")));
    QCOMPARE(m_log->received(), "offer home, " + moved);
    QVERIFY(isActive("home"));
    m_session->accept();
    m_session->close();
    QTRY_VERIFY_WITH_TIMEOUT(configurationOf(home).state() == QNetworkConfiguration::Discovered, PlayWait);
    QVERIFY(!isActive("home"));
}

// No slot is connected: the library decides.
void NmRoaming::byTheLibraryThereAndBack()
{
    addHome();
    open();
    QVERIFY(plug("eth1", true));
    QVERIFY(m_log->await(QStringLiteral("Connected")));
    QCOMPARE(m_log->received(), moved);
    QCOMPARE(active(), QLatin1String(home));
    QCOMPARE(m_session->interface().name(), QStringLiteral("eth1"));
    m_log->clear();
    QVERIFY(plug("eth1", false)); // NetworkManager reports it after some seconds
    QVERIFY(m_log->await(QStringLiteral("Connected")));
    QCOMPARE(m_log->received(), moved);
    QCOMPARE(active(), QLatin1String(office));
    QVERIFY(m_session->isOpen());
}

QTEST_GUILESS_MAIN(NmRoaming)
#include "tst_nm_roaming.moc"
