// tst_orders.cpp - the order of signals (docs/semantics.md), as data: a network,
// actions, and the signals that two sessions on one configuration emit. In every
// slot the getters match the signal.
#include "play.h"

class Orders : public QObject
{
    Q_OBJECT

private slots:
    void sessions_data();
    void sessions();
    void managers();
    void gettersMatchTheSignal();
    void nestedLoops();
};

namespace {

const char down[] = "access-point wlan0 bearer=wlan address=192.0.2.1/24\n";
const char up[] = "access-point wlan0 bearer=wlan state=active address=192.0.2.1/24\n";

// Two sessions on wlan0, and actions on them: "open s", "close other",
// "await s Connected", "timeout 100" or, for the network, "step".
struct Fixture
{
    QNetworkConfigurationManager manager;
    QNetworkConfiguration configuration;
    QNetworkSession s, other;
    Log log;

    explicit Fixture(const QString &identifier)
        : configuration(manager.configurationFromIdentifier(identifier)), s(configuration),
          other(configuration)
    {
        log.watch(&s, QStringLiteral("s"));
        log.watch(&other, QStringLiteral("other"));
    }

    bool perform(const QString &action)
    {
        const QString verb = action.section(QLatin1Char(' '), 0, 0);
        const QString rest = action.section(QLatin1Char(' '), 1);
        if (verb == QLatin1String("step"))
            return playStep(&manager);
        if (verb == QLatin1String("await"))
            return log.await(rest);
        if (verb == QLatin1String("timeout"))
            return configuration.setConnectTimeout(rest.toInt());
        QNetworkSession *const target = rest == QLatin1String("s") ? &s : &other;
        return QMetaObject::invokeMethod(target, verb.toLatin1().constData());
    }
};

void row(const char *name, const QByteArray &network, const char *actions, const char *s,
         const char *other = "", const char *configuration = "wlan0")
{
    QTest::newRow(name) << network << QString::fromLatin1(actions).split(QStringLiteral(", "))
                        << s << other << configuration;
}

} // namespace

void Orders::sessions_data()
{
    QTest::addColumn<QByteArray>("network");
    QTest::addColumn<QStringList>("actions");
    QTest::addColumn<QString>("s");
    QTest::addColumn<QString>("other");
    QTest::addColumn<QString>("configuration");
    const QByteArray slow = QByteArray(down) + "start wlan0 takes 5ms\nstop wlan0 takes 5ms\n";
    const QByteArray hanging = QByteArray(down) + "start wlan0 hangs\n";

    row("open, active", up, "open s, await s opened", "opened");
    row("open, down", down, "open s, await s Connected", "Connecting, opened, Connected", "Connected");
    row("open, slow", slow, "open s, await s Connected", "Connecting, opened, Connected", "Connecting, Connected");
    row("open, out of reach", "access-point wlan0 state=defined\n", "open s, await s InvalidConfigurationError", "InvalidConfigurationError");
    row("open, unknown identifier", down, "open s, await s InvalidConfigurationError", "InvalidConfigurationError", "", "nowhere");
    row("open, empty identifier", down, "open s, await s InvalidConfigurationError", "InvalidConfigurationError", "", "");
    row("open fails, not supported", down + QByteArray("start wlan0 fails not-supported \"No.\"\n"), "open s, await s OperationNotSupportedError", "Connecting, Disconnected, OperationNotSupportedError");
    row("open fails, aborted", down + QByteArray("start wlan0 fails aborted \"No.\"\n"), "open s, await s SessionAbortedError", "Connecting, Disconnected, SessionAbortedError");
    row("open fails, unknown error", down + QByteArray("start wlan0 fails unknown \"No.\"\n"), "open s, await s UnknownSessionError", "Connecting, Disconnected, UnknownSessionError");
    row("open while open", up, "open s, await s opened, open s, step", "opened");
    row("open while opening", hanging + "on refresh\n start wlan0 succeeds\n", "open s, open s, step, await s Connected", "Connecting, opened, Connected", "Connecting, Connected");
    row("close while closed", up, "close s, step", "");
    row("stop, down", down, "stop s, step", "");
    row("close while connecting", hanging, "open s, await s Connecting, close s, await s Disconnected", "Connecting, Closing, Disconnected", "Connecting, Disconnected");
    row("stop while connecting", hanging, "open s, await s Connecting, stop s, await s Disconnected", "Connecting, Closing, Disconnected", "Connecting, Disconnected");
    row("close, network was active before", up, "open s, await s opened, close s, await s closed, step", "opened, closed");
    row("close the first of two", slow, "open s, open other, await s Connected, await other Connected, close s, await s closed, step", "Connecting, opened, Connected, closed", "Connecting, opened, Connected");
    row("close the last", slow, "open s, await s Connected, close s, await s Disconnected", "Connecting, opened, Connected, closed, Closing, Disconnected", "Connecting, Connected, Closing, Disconnected");
    row("stop, both open", slow, "open s, open other, await s Connected, await other Connected, stop s, await s Disconnected, await other Disconnected", "Connecting, opened, Connected, Closing, closed, SessionAbortedError, Disconnected", "Connecting, opened, Connected, closed, SessionAbortedError, Closing, Disconnected");
    row("stop, other session open", slow, "open other, await other Connected, await s Connected, stop s, await s Disconnected, await other Disconnected", "Connecting, Connected, Closing, Disconnected", "Connecting, opened, Connected, closed, SessionAbortedError, Closing, Disconnected");
    row("stop, active", up, "stop s, await s Disconnected", "Closing, Disconnected", "Disconnected");
    row("connection lost", up + QByteArray("on refresh\n set wlan0 state=discovered\n"), "open s, await s opened, step, await s Disconnected", "opened, closed, SessionAbortedError, Disconnected", "Disconnected");
    row("out of reach", up + QByteArray("on refresh\n set wlan0 state=defined\n"), "open s, await s opened, step, await s NotAvailable", "opened, closed, SessionAbortedError, NotAvailable", "NotAvailable");
    row("removed", up + QByteArray("on refresh\n remove wlan0\n"), "open s, await s opened, step, await s InvalidConfigurationError", "opened, closed, Invalid, InvalidConfigurationError", "Invalid, InvalidConfigurationError");
    row("removed and added again", up + QByteArray("on refresh\n remove wlan0\non refresh\n access-point wlan0 state=active\n"), "step, await s InvalidConfigurationError, step, await s Connected", "Invalid, InvalidConfigurationError, Connected", "Invalid, InvalidConfigurationError, Connected");
    row("timeout", hanging, "timeout 50, open s, await s UnknownSessionError", "Connecting, Disconnected, UnknownSessionError", "Connecting, Disconnected");
    row("metered", up + QByteArray("on refresh\n set wlan0 metered=yes\non refresh\n set wlan0 metered=no\n"), "step, await s policies 1, step, await s policies 0", "policies 1, policies 0", "policies 1, policies 0");
}

void Orders::sessions()
{
    QFETCH(QByteArray, network);
    QFETCH(QStringList, actions);
    QFETCH(QString, s);
    QFETCH(QString, other);
    QFETCH(QString, configuration);
    const Play play(network);
    Fixture fixture(configuration);
    for (const QString &action : actions)
        QVERIFY2(fixture.perform(action), qPrintable(action));
    QVERIFY(playStep(&fixture.manager)); // delivers all pending signals
    QCOMPARE(fixture.log.received(QStringLiteral("s")), s);
    QCOMPARE(fixture.log.received(QStringLiteral("other")), other);
}

void Orders::managers()
{
    const Play play("access-point eth0 bearer=ethernet\n"
                    "on refresh\n access-point eth1 state=active default-route=yes\n"
                    "on refresh\n set eth1 strength=40\n"
                    "on refresh\n remove eth1\n");
    QNetworkConfigurationManager m, second;
    Log log, secondLog;
    log.watch(&m);
    secondLog.watch(&second);
    QVERIFY(playStep(&m));
    QVERIFY(playStep(&m));
    QVERIFY(playStep(&m));
    const QString changes = QStringLiteral("added eth1, changed netsession:internet, online, %1"
                                           "changed netsession:internet, removed eth1, offline");
    QCOMPARE(log.received(), changes.arg(QStringLiteral("updated, updated, ")) + QStringLiteral(", updated"));
    QCOMPARE(secondLog.received(), changes.arg(QString()));
}

// Every slot records the values of the getters.
void Orders::gettersMatchTheSignal()
{
    const Play play(down);
    QNetworkConfigurationManager m;
    QNetworkSession s(m.configurationFromIdentifier(QStringLiteral("wlan0")));
    QStringList seen;
    const auto note = [&](const char *signal) {
        seen += QLatin1String(signal) + QLatin1Char(' ') + nameOf(s.state())
            + (s.isOpen() ? " open" : "");
    };
    connect(&s, &QNetworkSession::opened, this, [&] { note("opened"); });
    connect(&s, &QNetworkSession::closed, this, [&] { seen += s.isOpen() ? "closed open" : "closed"; });
    connect(&s, &QNetworkSession::stateChanged, this, [&](QNetworkSession::State state) {
        QCOMPARE(s.state(), state);
        note("state");
    });
    s.open();
    QTRY_VERIFY_WITH_TIMEOUT(seen.size() == 3, PlayWait);
    QCOMPARE(seen.join(QStringLiteral(", ")), QStringLiteral("state Connecting, opened Connected open, state Connected open"));
    seen.clear();
    // The network is up and down again before a signal is delivered.
    s.close();
    s.open();
    s.close();
    for (QDeadlineTimer bound(PlayWait); s.state() != QNetworkSession::Disconnected && !bound.hasExpired();)
        QThread::msleep(1); // no event loop runs
    QCOMPARE(s.state(), QNetworkSession::Disconnected);
    QVERIFY(playStep(&m));
    QCOMPARE(seen.first(), QStringLiteral("closed"));
    QCOMPARE(seen.last(), QStringLiteral("state Disconnected"));
    for (const QString &line : seen)
        QVERIFY2(line == QLatin1String("opened Connected open") || !line.startsWith(QLatin1String("opened")), qPrintable(line));
    QVERIFY(!seen.contains(QStringLiteral("closed open")));
    QCOMPARE(s.state(), QNetworkSession::Disconnected);
}

// A slot that runs an event loop receives the signals that follow; the getters
// return current values afterwards.
void Orders::nestedLoops()
{
    const Play play(down);
    QNetworkConfigurationManager m;
    QNetworkSession s(m.configurationFromIdentifier(QStringLiteral("wlan0")));
    Log log;
    bool ran = false;
    connect(&s, &QNetworkSession::stateChanged, this, [&](QNetworkSession::State state) {
        if (state != QNetworkSession::Connecting)
            return;
        log.watch(&s);
        ran = log.await(QStringLiteral("Connected"));
        QCOMPARE(s.state(), QNetworkSession::Connected);
        QVERIFY(s.isOpen());
    });
    s.open();
    QTRY_VERIFY_WITH_TIMEOUT(ran, PlayWait);
    QCOMPARE(log.received(), QStringLiteral("opened, Connected"));
}

QTEST_GUILESS_MAIN(Orders)
#include "tst_orders.moc"
