// tst_threads.cpp - objects in several threads, and objects that move between them.
#include "play.h"

#include <atomic>
#include <memory>
#include <thread>

class Threads : public QObject
{
    Q_OBJECT

private slots:
    void usedInAThread();
    void signalsOnEachThread();
    void threadWithoutAnEventLoop();
    void moved_data();
    void moved();
    void movedWithPendingEvents();
    void movedThereAndBack();
    void movedInASlot();
    void movedAsOneTree();
    void deletedAfterTheThread();
    void threadStartsAgain();
    void queuedAcrossThreads();
    void stress();
};

static const char network[] =
    "access-point wlan0 bearer=wlan address=192.0.2.1/24\n"
    "on refresh\n access-point eth1\n"
    "on refresh\n remove eth1\n";

static QNetworkConfiguration wlan()
{
    return QNetworkConfigurationManager().configurationFromIdentifier(QStringLiteral("wlan0"));
}

// A thread with an event loop; the destructor ends it.
class Loop : public QThread
{
public:
    Loop() { start(); }
    ~Loop() override { stop(); }
    void stop()
    {
        quit();
        wait();
    }
    // Runs a function in the thread and waits until it returns.
    template <typename Function> void run(Function function)
    {
        QObject context;
        context.moveToThread(this);
        QMetaObject::invokeMethod(&context, [&] {
            function();
            context.moveToThread(nullptr);
        }, Qt::BlockingQueuedConnection);
    }
};

void Threads::usedInAThread()
{
    const Play play(network);
    Loop loop;
    loop.run([&] {
        QNetworkConfigurationManager m;
        QNetworkSession s(wlan());
        Log log;
        log.watch(&s);
        s.open();
        QVERIFY(log.await(QStringLiteral("Connected")));
        s.close();
        QVERIFY(log.await(QStringLiteral("Disconnected")));
        QCOMPARE(log.received(), QStringLiteral("Connecting, opened, Connected, closed, Closing, Disconnected"));
    });
}

void Threads::signalsOnEachThread()
{
    const Play play(network);
    QNetworkConfigurationManager m;
    QNetworkSession here(wlan());
    Loop loop;
    QThread *signalThread = nullptr;
    loop.run([&] {
        auto s = new QNetworkSession(wlan());
        connect(s, &QNetworkSession::stateChanged, s, [&] { signalThread = QThread::currentThread(); });
        connect(&loop, &QThread::finished, s, &QObject::deleteLater);
    });
    Log log;
    log.watch(&here);
    here.open();
    QVERIFY(log.await(QStringLiteral("Connected")));
    QTRY_COMPARE_WITH_TIMEOUT(signalThread, &loop, PlayWait);
    loop.stop();
}

void Threads::threadWithoutAnEventLoop()
{
    const Play play(network);
    bool opened = false, signalled = false;
    const auto use = [&] {
        QNetworkConfigurationManager m;
        QNetworkSession s(wlan());
        QObject::connect(&s, &QNetworkSession::opened, [&] { signalled = true; });
        s.open();
        opened = s.waitForOpened();
    };
    QThread *const thread = QThread::create(use);
    thread->start();
    QVERIFY(thread->wait(PlayWait));
    delete thread;
    QVERIFY(opened && signalled);
    opened = signalled = false;
    std::thread(use).join(); // a thread that Qt did not create
    QVERIFY(opened && signalled);
}

void Threads::moved_data()
{
    QTest::addColumn<bool>("managerOnNewThread");
    QTest::newRow("to an empty thread") << false;
    QTest::newRow("to a busy thread") << true;
}

void Threads::moved()
{
    QFETCH(bool, managerOnNewThread);
    const Play play(network);
    Loop loop;
    auto m = new QNetworkConfigurationManager;
    auto s = new QNetworkSession(wlan());
    auto log = new Log;
    QNetworkConfigurationManager *there = nullptr;
    log->watch(s);
    log->watch(m);
    if (managerOnNewThread)
        loop.run([&] { there = new QNetworkConfigurationManager; });
    for (QObject *object : std::initializer_list<QObject *>{m, s, log})
        object->moveToThread(&loop);
    loop.run([&] {
        QVERIFY(playStep(m));
        QVERIFY(m->thread() == QThread::currentThread());
        s->open();
        QVERIFY(log->await(QStringLiteral("Connected")));
        s->close();
        QVERIFY(log->await(QStringLiteral("Disconnected")));
        QVERIFY(log->received().contains(QStringLiteral("added eth1, ")));
        delete m;
        delete s;
        delete log;
        delete there;
    });
}

// The events that are pending at the move are delivered once, on the new thread.
void Threads::movedWithPendingEvents()
{
    const Play play(network);
    Loop loop;
    QNetworkConfigurationManager stays;
    auto m = new QNetworkConfigurationManager;
    auto s = new QNetworkSession(wlan());
    auto log = new Log;
    log->watch(m);
    log->watch(s);
    Log here;
    here.watch(&stays);
    m->updateConfigurations();
    s->open();
    for (QDeadlineTimer bound(PlayWait); s->state() != QNetworkSession::Connected && !bound.hasExpired();)
        QThread::msleep(1); // until all events are pending
    for (QObject *object : std::initializer_list<QObject *>{log, m, s})
        object->moveToThread(&loop);
    loop.run([&] {
        QVERIFY(log->await(QStringLiteral("updated")));
        QVERIFY(log->await(QStringLiteral("Connected")));
        const QString received = log->received();
        for (const char *once : {"added eth1", "opened", "Connecting", "Connected", "updated"})
            QVERIFY2(received.split(QStringLiteral(", ")).count(QLatin1String(once)) == 1, qPrintable(received));
        delete log;
        delete m;
        delete s;
    });
    QVERIFY(here.await(QStringLiteral("added eth1")));
    QCOMPARE(here.received().count(QStringLiteral("updated")), 0);
}

void Threads::movedThereAndBack()
{
    const Play play(network);
    Loop a, b;
    QNetworkSession s(wlan());
    Log log;
    log.watch(&s);
    QThread *const home = thread();
    for (int i = 0; i < 20; ++i) {
        s.open();
        s.moveToThread(&a);
        a.run([&] { s.moveToThread(&b); });
        b.run([&] {
            s.close();
            s.moveToThread(home);
        });
    }
    // The signals that are pending from the moves are delivered first.
    QTRY_COMPARE_WITH_TIMEOUT(s.state(), QNetworkSession::Disconnected, PlayWait);
    s.open();
    QTRY_VERIFY_WITH_TIMEOUT(log.received().endsWith(QStringLiteral("Connecting, opened, Connected")), PlayWait);
    s.close();
    QTRY_VERIFY_WITH_TIMEOUT(log.received().endsWith(QStringLiteral("closed, Closing, Disconnected")), PlayWait);
}

void Threads::movedInASlot()
{
    const Play play(network);
    Loop loop;
    QNetworkConfigurationManager m;
    auto s = new QNetworkSession(wlan());
    QThread *stateThread = nullptr;
    connect(s, &QNetworkSession::opened, s, [&] { s->moveToThread(&loop); });
    connect(s, &QNetworkSession::stateChanged, s, [&](QNetworkSession::State state) {
        if (state == QNetworkSession::Connected) {
            stateThread = QThread::currentThread();
            s->deleteLater();
        }
    });
    QPointer<QNetworkSession> alive(s);
    s->open();
    QTRY_VERIFY_WITH_TIMEOUT(!alive, PlayWait);
    QCOMPARE(stateThread, &loop);
}

// The objects of one tree share a dispatcher on the new thread.
void Threads::movedAsOneTree()
{
    const Play play(network);
    Loop loop;
    auto root = new QObject;
    auto m = new QNetworkConfigurationManager(root);
    auto first = new QNetworkSession(wlan(), root), second = new QNetworkSession(wlan(), root);
    auto log = new Log;
    log->setParent(root);
    log->watch(m);
    log->watch(first, QStringLiteral("first"));
    log->watch(second, QStringLiteral("second"));
    root->moveToThread(&loop);
    loop.run([&] {
        first->open();
        QVERIFY(log->await(QStringLiteral("second Connected")));
        QVERIFY(log->await(QStringLiteral("first Connected")));
        QVERIFY(log->await(QStringLiteral("changed wlan0")));
        delete root;
    });
}

void Threads::deletedAfterTheThread()
{
    const Play play(network);
    QNetworkSession *s = nullptr;
    QNetworkConfigurationManager *m = nullptr;
    {
        Loop loop;
        loop.run([&] {
            m = new QNetworkConfigurationManager;
            s = new QNetworkSession(wlan());
            s->open();
        });
        loop.stop();
        QTRY_COMPARE_WITH_TIMEOUT(s->state(), QNetworkSession::Connected, PlayWait);
        delete s;
        delete m;
    }
    QNetworkConfigurationManager again;
    QVERIFY(playStep(&again));
}

void Threads::threadStartsAgain()
{
    const Play play(network);
    Loop loop;
    QNetworkSession *s = nullptr;
    Log *log = nullptr;
    loop.run([&] {
        s = new QNetworkSession(wlan());
        log = new Log;
        log->watch(s);
    });
    loop.stop();
    s->open();
    loop.start();
    loop.run([&] {
        QVERIFY(log->await(QStringLiteral("Connected")));
        delete s;
        delete log;
    });
}

// The receiver of queued signals from another thread, connected by name.
class Receiver : public QObject
{
    Q_OBJECT

public slots:
    void onState(QNetworkSession::State state) { states += nameOf(state); }
    void onChanged(const QNetworkConfiguration &c) { changed += c.identifier(); }

public:
    QStringList states, changed;
};

void Threads::queuedAcrossThreads()
{
    const Play play(network);
    Loop loop;
    Receiver receiver;
    QObject owner;
    loop.run([&] {
        auto m = new QNetworkConfigurationManager;
        auto s = new QNetworkSession(wlan());
        QVERIFY(connect(s, SIGNAL(stateChanged(QNetworkSession::State)), &receiver,
                        SLOT(onState(QNetworkSession::State))));
        QVERIFY(connect(m, SIGNAL(configurationAdded(QNetworkConfiguration)), &receiver,
                        SLOT(onChanged(QNetworkConfiguration))));
        connect(&loop, &QThread::finished, s, &QObject::deleteLater);
        connect(&loop, &QThread::finished, m, &QObject::deleteLater);
        s->open();
        m->updateConfigurations();
    });
    QTRY_COMPARE_WITH_TIMEOUT(receiver.states, QStringList({"Connecting", "Connected"}), PlayWait);
    QTRY_COMPARE_WITH_TIMEOUT(receiver.changed, QStringList("eth1"), PlayWait);
}

// Sessions move between threads while they are opened and closed. Each event
// triggers the next, so a lost event ends in a timeout.
void Threads::stress()
{
    const Play play("access-point eth0 state=active address=192.0.2.1/24\n");
    enum { Sessions = 8, Rounds = 50 };
    Loop loops[3];
    std::atomic<int> done{0};
    for (int i = 0; i < Sessions; ++i) {
        auto s = new QNetworkSession(QNetworkConfigurationManager().defaultConfiguration());
        auto round = std::make_shared<int>(i);
        connect(s, &QNetworkSession::opened, s, &QNetworkSession::close);
        connect(s, &QNetworkSession::closed, s, [=, &loops, &done] {
            if (++*round == Rounds + i) {
                s->deleteLater();
                ++done;
                return;
            }
            s->moveToThread(&loops[*round % 3]);
            QMetaObject::invokeMethod(s, "open", Qt::QueuedConnection);
        });
        QMetaObject::invokeMethod(s, "open", Qt::QueuedConnection);
    }
    QTRY_COMPARE_WITH_TIMEOUT(done.load(), int(Sessions), PlayWait);
}

QTEST_GUILESS_MAIN(Threads)
#include "tst_threads.moc"
