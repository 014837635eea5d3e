// qt.cpp - the same figures of Qt's classes: qt5 ROW [N] has Qt 5's own, qt6 ROW
// [N] the shim on Qt 6. See ours.c.
//
//     bare          kB resident of a Qt program that uses no network class
//     is-online     ns from a call of isOnline() to the use of its answer
//     is-open       ns from a call of isOpen() to the use of its answer
//     config-state  ns from a call of configuration().state() to the use of its answer
//     queued        ns from one emission to the last of N slots that are connected
//                   to it by queued connections
#include "bench.h"
#include <QCoreApplication>
#include <QEventLoop>
#include <QNetworkConfigurationManager>
#include <QNetworkSession>
#include <QTimer>
#include <algorithm>
#include <cstdlib>
#include <vector>

// The median time of a few runs.
template <typename Run>
static double medianTime(Run run)
{
    std::vector<int64_t> times;
    for (int i = 0; i < 21; ++i) {
        const int64_t begin = bench_now();
        run();
        times.push_back(bench_now() - begin);
    }
    std::sort(times.begin(), times.end());
    return double(times[times.size() / 2]);
}

static void spin(int msecs)
{
    QEventLoop loop;
    QTimer::singleShot(msecs, &loop, &QEventLoop::quit);
    loop.exec();
}

static QNetworkConfiguration first(QNetworkConfigurationManager &manager)
{
    const auto active = manager.allConfigurations(QNetworkConfiguration::Active);
    return active.isEmpty() ? manager.defaultConfiguration() : active.first();
}

// The time of one question about a session. Each needs the answer of the one
// before, as code that acts on it does.
template <typename Question>
static double benchQuestion(int count, Question ask)
{
    QNetworkConfigurationManager manager;
    QNetworkSession session(first(manager));
    quintptr address = quintptr(&session);
    const int answer = ask(session);
    const int64_t begin = bench_now();
    for (int i = 0; i < count; ++i)
        address += quintptr(ask(*reinterpret_cast<QNetworkSession *>(address)) ^ answer);
    return double(bench_now() - begin) / count;
}

static double benchState()
{
    return benchQuestion(20000000, [](const QNetworkSession &session) { return int(session.state()); });
}

static double benchIsOpen()
{
    return benchQuestion(20000000, [](const QNetworkSession &session) { return int(session.isOpen()); });
}

static double benchConfigState()
{
    return benchQuestion(5000000, [](const QNetworkSession &session) { return int(session.configuration().state()); });
}

static double benchIsOnline()
{
    const int count = 200000;
    const QNetworkConfigurationManager manager;
    quintptr address = quintptr(&manager);
    const int online = manager.isOnline();
    const int64_t begin = bench_now();
    for (int i = 0; i < count; ++i)
        address += quintptr(int(reinterpret_cast<const QNetworkConfigurationManager *>(address)->isOnline()) ^ online);
    return double(bench_now() - begin) / count;
}

static double benchStateThroughput()
{
    const int count = 20000000;
    QNetworkConfigurationManager manager;
    QNetworkSession session(first(manager));
    long sum = 0;
    const int64_t begin = bench_now();
    for (int i = 0; i < count; ++i)
        sum += session.state();
    const double each = double(bench_now() - begin) / count;
    return sum < 0 ? -1 : each;
}

static double benchList()
{
    const int count = 300;
    QNetworkConfigurationManager manager;
    manager.allConfigurations();
    const int64_t begin = bench_now();
    for (int i = 0; i < count; ++i)
        manager.allConfigurations();
    return double(bench_now() - begin) / count;
}

static double benchSessionNew()
{
    const int count = 5000;
    QNetworkConfigurationManager manager;
    const QNetworkConfiguration config = first(manager);
    const int64_t begin = bench_now();
    for (int i = 0; i < count; ++i)
        delete new QNetworkSession(config);
    return double(bench_now() - begin) / count;
}

static double benchManagerNew()
{
    const int count = 1000;
    QNetworkConfigurationManager first;
    const int64_t begin = bench_now();
    for (int i = 0; i < count; ++i)
        delete new QNetworkConfigurationManager;
    return double(bench_now() - begin) / count;
}

static double benchStart(int n)
{
    const int64_t begin = bench_now();
    QNetworkConfigurationManager manager;
    while (manager.allConfigurations().size() < n)
        QCoreApplication::processEvents(QEventLoop::AllEvents, 1);
    return double(bench_now() - begin);
}

// One change of the network, until the signal of the last of n sessions.
static double benchMany(int n)
{
    QNetworkConfigurationManager manager;
    const QNetworkConfiguration config = manager.defaultConfiguration();
    int callbacks = 0;
    QObject parent;
    for (int i = 0; i < n; ++i) {
        QNetworkSession *session = new QNetworkSession(config, &parent);
        QObject::connect(session, &QNetworkSession::stateChanged, session, [&callbacks] { ++callbacks; });
    }
    return medianTime([&] {
        callbacks = 0;
        manager.updateConfigurations();
        while (callbacks < n)
            QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
    });
}

static double benchQueued(int n)
{
    QObject sender, parent;
    int callbacks = 0;
    for (int i = 0; i < n; ++i)
        QObject::connect(&sender, &QObject::objectNameChanged, new QObject(&parent), [&callbacks] { ++callbacks; }, Qt::QueuedConnection);
    int emission = 0;
    return medianTime([&] {
        callbacks = 0;
        sender.setObjectName(QString::number(++emission));
        while (callbacks < n)
            QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
    });
}

static double benchIdle(int seconds)
{
    QNetworkConfigurationManager manager;
    QNetworkSession session(first(manager));
    session.open();
    session.waitForOpened(10000);
    spin(5000);
    const long before = bench_wakeups();
    spin(seconds * 1000);
    return double(bench_wakeups() - before - 1);
}

static double benchMemory()
{
    static QNetworkConfigurationManager manager;
    static QNetworkSession session(first(manager));
    session.open();
    session.waitForOpened(10000);
    spin(200);
    return double(bench_status("/proc/self/status", "VmRSS:"));
}

static double benchBare()
{
    spin(200);
    return double(bench_status("/proc/self/status", "VmRSS:"));
}

// The profiles of NetworkManager among the configurations; the others are links.
static QList<QNetworkConfiguration> profiles(const QList<QNetworkConfiguration> &all)
{
    QList<QNetworkConfiguration> found;
    for (const QNetworkConfiguration &config : all)
        if (config.name().startsWith(QLatin1String(PROFILES)) && config.identifier().startsWith(QLatin1Char('/')))
            found.append(config);
    return found;
}

static double benchStartNm(int n)
{
    const int64_t begin = bench_now();
    QNetworkConfigurationManager manager;
    while (profiles(manager.allConfigurations()).size() < n)
        QCoreApplication::processEvents(QEventLoop::AllEvents, 1);
    return double(bench_now() - begin);
}

static double benchBytes()
{
    const int count = 20000;
    QNetworkConfigurationManager manager;
    const auto active = profiles(manager.allConfigurations(QNetworkConfiguration::Active));
    if (active.isEmpty())
        exit(1);
    QNetworkSession session(active.first());
    if (session.state() != QNetworkSession::Connected)
        exit(1);
    const int64_t begin = bench_now();
    for (int i = 0; i < count; ++i)
        session.bytesReceived();
    return double(bench_now() - begin) / count;
}

struct Row {
    const char *name;
    double (*measure)(int n);
};

static const Row rows[] = {
    {"state", [](int) { return benchState(); }},
    {"state-throughput", [](int) { return benchStateThroughput(); }},
    {"is-online", [](int) { return benchIsOnline(); }},
    {"is-open", [](int) { return benchIsOpen(); }},
    {"config-state", [](int) { return benchConfigState(); }},
    {"list", [](int) { return benchList(); }},
    {"session-new", [](int) { return benchSessionNew(); }},
    {"manager-new", [](int) { return benchManagerNew(); }},
    {"start", benchStart},
    {"many", benchMany},
    {"queued", benchQueued},
    {"idle", benchIdle},
    {"memory", [](int) { return benchMemory(); }},
    {"bare", [](int) { return benchBare(); }},
    {"start-nm", benchStartNm},
    {"bytes", [](int) { return benchBytes(); }},
};

int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    const QByteArray row = argc > 1 ? argv[1] : "";
    const int n = argc > 2 ? atoi(argv[2]) : 0;
    for (const Row &candidate : rows) {
        if (row == candidate.name) {
            printf("%.2f\n", candidate.measure(n));
            return 0;
        }
    }
    return 2;
}
