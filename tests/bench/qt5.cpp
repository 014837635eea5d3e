// qt5.cpp - the same figures of Qt 5's own classes: qt5 ROW [N]. See ours.c.
//
//     bare  kB resident of a Qt program that uses no network class
#include "bench.h"
#include <QCoreApplication>
#include <QEventLoop>
#include <QNetworkConfigurationManager>
#include <QNetworkSession>
#include <QTimer>
#include <cstdlib>

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

static double benchState()
{
    const int count = 20000000;
    QNetworkConfigurationManager manager;
    QNetworkSession session(first(manager));
    quintptr address = quintptr(&session);
    const int state = session.state();
    const int64_t begin = bench_now();
    for (int i = 0; i < count; ++i)
        address += quintptr(reinterpret_cast<QNetworkSession *>(address)->state() ^ state);
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

int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    const QByteArray row = argc > 1 ? argv[1] : "";
    const int n = argc > 2 ? atoi(argv[2]) : 0;
    double figure;
    if (row == "state")
        figure = benchState();
    else if (row == "state-throughput")
        figure = benchStateThroughput();
    else if (row == "list")
        figure = benchList();
    else if (row == "session-new")
        figure = benchSessionNew();
    else if (row == "manager-new")
        figure = benchManagerNew();
    else if (row == "start")
        figure = benchStart(n);
    else if (row == "idle")
        figure = benchIdle(n);
    else if (row == "memory")
        figure = benchMemory();
    else if (row == "bare")
        figure = benchBare();
    else if (row == "start-nm")
        figure = benchStartNm(n);
    else if (row == "bytes")
        figure = benchBytes();
    else
        return 2;
    printf("%.2f\n", figure);
    return 0;
}
