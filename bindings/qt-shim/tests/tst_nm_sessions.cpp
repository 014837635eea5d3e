// tst_nm_sessions.cpp - the classes beside a real NetworkManager, in the lab: see
// tests/lab/nm. Nothing is changed anywhere else.
#include "play.h"

#include <NetSession/extras.h>

#include <QtNetwork/QTcpSocket>
#include <QtNetwork/QUdpSocket>
#include <net/if.h>
#include <sys/socket.h>

class NmSessions : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void openCloseStopOnEveryConfiguration();
    void figuresOfAnOpenSession();
    void twoProcesses();
    void aSocketStaysOnTheLink();
    void theCableIsPulled();
    void aProfileIsRemoved();

private:
    QNetworkSession *sessionOn(const char *identifier, QObject *owner);
};

static const char office[] = "nm:00000000-0000-4000-8000-000000000001";
static const char home[] = "nm:00000000-0000-4000-8000-000000000002";

static bool run(const QByteArray &command)
{
    return system(command + " >/dev/null 2>&1") == 0;
}

static bool isActive(const char *profile)
{
    return run(QByteArray("nmcli -t -f NAME connection show --active | grep -qx ") + profile);
}

static QByteArray profile(const char *name, const char *link, const char *identifier, const char *address)
{
    return QByteArray("nmcli connection add type ethernet con-name ") + name + " ifname " + link
        + " connection.uuid " + (identifier + 3) + " autoconnect no ipv6.method disabled"
        + " ipv4.method manual ipv4.addresses " + address;
}

void NmSessions::initTestCase()
{
    QVERIFY2(QFile::exists(QStringLiteral("/run/netsession-lab")), "to be run by tests/lab/enter");
    // Where sessions of several processes meet.
    QVERIFY(run("mkdir -m 700 /run/shared"));
    qputenv("XDG_RUNTIME_DIR", "/run/shared");
    for (const char *link : {"eth0", "eth1"})
        QVERIFY(run(QByteArray("ip netns add router-") + link + " && ip link add " + link
                    + " type veth peer name " + link + ".peer netns router-" + link
                    + " && ip -n router-" + link + " link set " + link + ".peer up && ip link set " + link + " up"));
    QVERIFY(run(profile("office", "eth0", office, "192.0.2.1/24")));
    QVERIFY(run(profile("home", "eth1", home, "203.0.113.1/24")));
    QNetworkConfigurationManager m;
    for (const char *identifier : {office, home}) {
        const QNetworkConfiguration c = m.configurationFromIdentifier(QLatin1String(identifier));
        QTRY_VERIFY_WITH_TIMEOUT(c.state() == QNetworkConfiguration::Discovered, PlayWait);
    }
}

QNetworkSession *NmSessions::sessionOn(const char *identifier, QObject *owner)
{
    return new QNetworkSession(
        QNetworkConfigurationManager().configurationFromIdentifier(QLatin1String(identifier)), owner);
}

// Qt's own classes never came to the end of this one.
void NmSessions::openCloseStopOnEveryConfiguration()
{
    QNetworkConfigurationManager m;
    int opened = 0;
    for (const QNetworkConfiguration &c : m.allConfigurations()) {
        QNetworkSession s(c);
        Log log;
        log.watch(&s);
        const QNetworkSession::State before = s.state();
        s.open();
        const bool isOpen = s.waitForOpened(PlayWait);
        QCOMPARE(s.isOpen(), isOpen);
        QVERIFY2(isOpen || s.error() != QNetworkSession::UnknownSessionError || !s.errorString().isEmpty(),
                 qPrintable(c.identifier()));
        if (!isOpen)
            continue;
        ++opened;
        QCOMPARE(s.state(), QNetworkSession::Connected);
        s.close();
        QTRY_COMPARE_WITH_TIMEOUT(s.state(), before, PlayWait);
        QVERIFY(!s.isOpen());
        s.open();
        QVERIFY(s.waitForOpened(PlayWait));
        s.stop();
        QTRY_VERIFY_WITH_TIMEOUT(!s.isOpen() && s.state() != QNetworkSession::Connected
                                     && s.state() != QNetworkSession::Closing, PlayWait);
        QTRY_VERIFY_WITH_TIMEOUT(log.told().count(QStringLiteral("closed")) == 2, PlayWait);
        QVERIFY2(log.told().contains(QStringLiteral("closed, SessionAbortedError")), qPrintable(log.told()));
    }
    QVERIFY(opened >= 2);
    QVERIFY(!isActive("office") && !isActive("home"));
}

void NmSessions::figuresOfAnOpenSession()
{
    QObject owner;
    QNetworkSession *const s = sessionOn(office, &owner);
    QVERIFY(!s->interface().isValid());
    s->open();
    QVERIFY(s->waitForOpened(PlayWait));
    QVERIFY(isActive("office"));
    QCOMPARE(s->interface().name(), QStringLiteral("eth0"));
    QVERIFY(s->interface().addressEntries().size() >= 1);
    QCOMPARE(s->sessionProperty(QStringLiteral("ActiveConfiguration")).toString(), QLatin1String(office));
    QTRY_VERIFY_WITH_TIMEOUT(s->activeTime() >= 1, PlayWait);
    QTRY_VERIFY_WITH_TIMEOUT(s->bytesWritten() > 0, PlayWait);
    s->close();
    QTRY_COMPARE_WITH_TIMEOUT(s->state(), QNetworkSession::Disconnected, PlayWait);
    QVERIFY(!s->interface().isValid());
    QCOMPARE(s->bytesWritten(), quint64(0));
}

// The network goes down with the last holder, whoever that is.
void NmSessions::twoProcesses()
{
    QVERIFY(QNetworkConfigurationManager().capabilities() & QNetworkConfigurationManager::SystemSessionSupport);
    QObject owner;
    QNetworkSession *const s = sessionOn(office, &owner);
    QProcess other;
    other.start(QCoreApplication::applicationFilePath(), {QStringLiteral("hold"), QLatin1String(office)});
    QVERIFY(other.waitForReadyRead(PlayWait));
    QCOMPARE(other.readLine(), QByteArray("open\n"));
    s->open();
    QVERIFY(s->waitForOpened(PlayWait));
    other.closeWriteChannel(); // it closes its session and ends
    QVERIFY(other.waitForFinished(PlayWait));
    QCOMPARE(other.exitCode(), 0);
    QVERIFY(isActive("office"));
    QVERIFY(s->isOpen());
    s->close();
    QTRY_COMPARE_WITH_TIMEOUT(s->state(), QNetworkSession::Disconnected, PlayWait);
    QVERIFY(!isActive("office"));
}

static QByteArray linkOf(qintptr descriptor)
{
    char name[IFNAMSIZ] = "";
    socklen_t size = sizeof name;
    getsockopt(int(descriptor), SOL_SOCKET, SO_BINDTODEVICE, name, &size);
    return name;
}

void NmSessions::aSocketStaysOnTheLink()
{
    QObject owner;
    QNetworkSession *const s = sessionOn(office, &owner);
    QUdpSocket udp;
    QTcpSocket tcp;
    QVERIFY(udp.bind());
    QVERIFY(tcp.bind());
    QString why;
    QVERIFY(!NetSession::bindSocket(*s, udp.socketDescriptor(), &why)); // it uses no link
    QVERIFY(!why.isEmpty());
    s->open();
    QVERIFY(s->waitForOpened(PlayWait));
    for (const QAbstractSocket *socket : {static_cast<QAbstractSocket *>(&udp), static_cast<QAbstractSocket *>(&tcp)}) {
        QVERIFY2(NetSession::bindSocket(*s, socket->socketDescriptor(), &why), qPrintable(why));
        QCOMPARE(linkOf(socket->socketDescriptor()), QByteArray("eth0"));
    }
    s->stop();
    QTRY_COMPARE_WITH_TIMEOUT(s->state(), QNetworkSession::Disconnected, PlayWait);
}

void NmSessions::theCableIsPulled()
{
    QObject owner;
    QNetworkSession *const s = sessionOn(office, &owner);
    s->open();
    QVERIFY(s->waitForOpened(PlayWait));
    Log log;
    log.watch(s);
    QVERIFY(run("ip -n router-eth0 link set eth0.peer down"));
    QVERIFY(log.await(QStringLiteral("NotAvailable")));
    QCOMPARE(log.told(), QStringLiteral("closed, SessionAbortedError, NotAvailable"));
    QVERIFY(run("ip -n router-eth0 link set eth0.peer up"));
    QTRY_VERIFY_WITH_TIMEOUT(s->state() != QNetworkSession::NotAvailable, PlayWait);
    QVERIFY(!s->isOpen());
    s->stop();
    QTRY_COMPARE_WITH_TIMEOUT(s->state(), QNetworkSession::Disconnected, PlayWait);
}

void NmSessions::aProfileIsRemoved()
{
    QObject owner;
    QNetworkConfigurationManager m;
    QNetworkSession *const s = sessionOn(home, &owner);
    Log log, changes;
    log.watch(s);
    changes.watch(&m);
    QVERIFY(run("nmcli connection delete home"));
    QVERIFY(log.await(QStringLiteral("InvalidConfigurationError")));
    QCOMPARE(log.told(), QStringLiteral("Invalid, InvalidConfigurationError"));
    QVERIFY(changes.await(QStringLiteral("removed ") + QLatin1String(home)));
    QVERIFY(!s->configuration().isValid());
}

// Another process: holds a session until its input ends.
static int hold(const char *identifier)
{
    QNetworkSession s(QNetworkConfigurationManager().configurationFromIdentifier(QLatin1String(identifier)));
    s.open();
    puts(s.waitForOpened(PlayWait) ? "open" : qPrintable(s.errorString()));
    fflush(stdout);
    while (getchar() != EOF)
        ;
    s.close();
    return 0;
}

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    if (argc == 3 && qstrcmp(argv[1], "hold") == 0)
        return hold(argv[2]);
    NmSessions tests;
    return QTest::qExec(&tests, argc, argv);
}

#include "tst_nm_sessions.moc"
