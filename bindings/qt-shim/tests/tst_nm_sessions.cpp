// tst_nm_sessions.cpp - the classes with a real NetworkManager.
#include "networkmanager.h"

#include <NetSession/extras.h>

#include <QtNetwork/QTcpSocket>
#include <QtNetwork/QUdpSocket>

class NmSessions : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void openCloseStopOnEveryConfiguration();
    void gettersOfAnOpenSession();
    void twoProcesses();
    void socketsAreBoundToTheLink();
    void identifierFromTheDBusPath();
    void cableUnplugged();
    void profileRemoved();

private:
    QNetworkSession *sessionOn(const char *identifier, QObject *owner);
};

void NmSessions::initTestCase()
{
    QVERIFY2(isInLab(), "to be run by tests/lab/tools/enter");
    // The leases that sessions of several processes share.
    QVERIFY(run("mkdir -m 700 /run/shared"));
    qputenv("XDG_RUNTIME_DIR", "/run/shared");
    QVERIFY(cable("eth0") && cable("eth1"));
    QVERIFY(profile("office", "eth0", office, "autoconnect no ipv4.addresses 192.0.2.1/24"));
    QVERIFY(profile("home", "eth1", home, "autoconnect no ipv4.addresses 203.0.113.1/24"));
    QNetworkConfigurationManager m; // monitors the daemon until it has reported both
    for (const char *identifier : {office, home})
        QTRY_VERIFY_WITH_TIMEOUT(configurationOf(identifier).state() == QNetworkConfiguration::Discovered, PlayWait);
}

QNetworkSession *NmSessions::sessionOn(const char *identifier, QObject *owner)
{
    return new QNetworkSession(configurationOf(identifier), owner);
}

// Qt's own classes never complete this sequence.
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
        QTRY_VERIFY_WITH_TIMEOUT(log.received().count(QStringLiteral("closed")) == 2, PlayWait);
        QVERIFY2(log.received().contains(QStringLiteral("closed, SessionAbortedError")), qPrintable(log.received()));
    }
    QVERIFY(opened >= 2);
    QVERIFY(!isActive("office") && !isActive("home"));
}

void NmSessions::gettersOfAnOpenSession()
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

// The network is taken down when the last session of any process is closed.
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
    other.closeWriteChannel(); // the process closes its session and exits
    QVERIFY(other.waitForFinished(PlayWait));
    QCOMPARE(other.exitCode(), 0);
    QVERIFY(isActive("office"));
    QVERIFY(s->isOpen());
    s->close();
    QTRY_COMPARE_WITH_TIMEOUT(s->state(), QNetworkSession::Disconnected, PlayWait);
    QVERIFY(!isActive("office"));
}

void NmSessions::socketsAreBoundToTheLink()
{
    QObject owner;
    QNetworkSession *const s = sessionOn(office, &owner);
    QUdpSocket udp;
    QTcpSocket tcp;
    QVERIFY(udp.bind());
    QVERIFY(tcp.bind());
    QString why;
    QVERIFY(!NetSession::bindSocket(*s, udp.socketDescriptor(), &why)); // the session uses no link
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

// Existing settings files store the D-Bus path, which is Qt's identifier.
void NmSessions::identifierFromTheDBusPath()
{
    QProcess nmcli;
    nmcli.start(QStringLiteral("nmcli"), {QStringLiteral("-g"), QStringLiteral("DBUS-PATH,NAME"),
                                          QStringLiteral("connection"), QStringLiteral("show")});
    QVERIFY(nmcli.waitForFinished(PlayWait));
    QString stored;
    for (const QByteArray &line : nmcli.readAllStandardOutput().split('\n'))
        if (line.endsWith(":office"))
            stored = QString::fromUtf8(line.left(line.indexOf(':')));
    QVERIFY2(stored.startsWith(QLatin1String("/org/freedesktop/NetworkManager/Settings/")), qPrintable(stored));
    const QNetworkConfiguration c = QNetworkConfigurationManager().configurationFromIdentifier(stored);
    QVERIFY(c.isValid());
    QCOMPARE(c.name(), QStringLiteral("office"));
    QCOMPARE(c.identifier(), QLatin1String(office)); // the program stores this identifier next
    QVERIFY(c == configurationOf(office));
    QNetworkSession s(c);
    s.open();
    QVERIFY(s.waitForOpened(PlayWait));
    QVERIFY(isActive("office"));
    s.close();
    QTRY_COMPARE_WITH_TIMEOUT(s.state(), QNetworkSession::Disconnected, PlayWait);
    QVERIFY(!QNetworkConfigurationManager().configurationFromIdentifier(stored + QLatin1String("99")).isValid());
}

void NmSessions::cableUnplugged()
{
    QObject owner;
    QNetworkSession *const s = sessionOn(office, &owner);
    s->open();
    QVERIFY(s->waitForOpened(PlayWait));
    Log log;
    log.watch(s);
    QVERIFY(plug("eth0", false));
    QVERIFY(log.await(QStringLiteral("NotAvailable")));
    QCOMPARE(log.received(), QStringLiteral("closed, SessionAbortedError, NotAvailable"));
    QVERIFY(plug("eth0", true));
    QTRY_VERIFY_WITH_TIMEOUT(s->state() != QNetworkSession::NotAvailable, PlayWait);
    QVERIFY(!s->isOpen());
    s->stop();
    QTRY_COMPARE_WITH_TIMEOUT(s->state(), QNetworkSession::Disconnected, PlayWait);
}

void NmSessions::profileRemoved()
{
    QObject owner;
    QNetworkConfigurationManager m;
    QNetworkSession *const s = sessionOn(home, &owner);
    Log log, changes;
    log.watch(s);
    changes.watch(&m);
    QVERIFY(run("nmcli connection delete home"));
    QVERIFY(log.await(QStringLiteral("InvalidConfigurationError")));
    QCOMPARE(log.received(), QStringLiteral("Invalid, InvalidConfigurationError"));
    QVERIFY(changes.await(QStringLiteral("removed ") + QLatin1String(home)));
    QVERIFY(!s->configuration().isValid());
}

// The other process: keeps a session open until its input ends.
static int hold(const char *identifier)
{
    QNetworkSession s(configurationOf(identifier));
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
