// tst_deletion.cpp - objects that are deleted in slots or while operations and signals
// are pending. Built with the address and undefined behaviour sanitizers.
#include "play.h"

#include <functional>

class Deletion : public QObject
{
    Q_OBJECT

private slots:
    void aSessionInASlot_data();
    void aSessionInASlot();
    void aManagerInASlot_data();
    void aManagerInASlot();
    void allObjectsInASlot();
    void whileSignalsArePending();
    void betweenTwoSlots();
    void insideWaitForOpened();
    void byItsParent();
    void inANestedLoop();
    void stress();
    void allHandlesAreFreed();
};

// Present if the library is built with test hooks.
extern "C" unsigned netsession_hook_live_handles() __attribute__((weak));

static const char network[] =
    "access-point eth0 bearer=ethernet state=active address=192.0.2.9/24 default-route=yes metric=50\n"
    "access-point wlan0 bearer=wlan address=192.0.2.1/24 default-route=yes metric=600\n"
    "access-point wwan0 bearer=lte metered=no\n"
    "start wwan0 fails aborted \"No.\"\n"
    "on refresh\n access-point eth1 state=active default-route=yes metric=1\n set wwan0 metered=yes\n set eth0 state=defined\n"
    "on refresh\n remove eth1\n set wlan0 state=defined\n";

static QNetworkConfiguration find(const char *identifier)
{
    return QNetworkConfigurationManager().configurationFromIdentifier(QLatin1String(identifier));
}

void Deletion::aSessionInASlot_data()
{
    QTest::addColumn<QByteArray>("signal");
    QTest::addColumn<QString>("configuration");
    QTest::addColumn<bool>("later");
    for (bool later : {false, true}) {
        const auto row = [&](const char *signal, const char *configuration) {
            QTest::newRow(QByteArray(signal) + (later ? " later" : "")) << QByteArray(signal) << configuration << later;
        };
        row(SIGNAL(opened()), "wlan0");
        row(SIGNAL(closed()), "wlan0");
        row(SIGNAL(stateChanged(QNetworkSession::State)), "wlan0");
        row(SIGNAL(error(QNetworkSession::SessionError)), "wwan0");
        row(SIGNAL(newConfigurationActivated()), "netsession:internet");
        row(SIGNAL(preferredConfigurationChanged(QNetworkConfiguration,bool)), "netsession:internet");
        row(SIGNAL(usagePoliciesChanged(QNetworkSession::UsagePolicies)), "wwan0");
    }
}

// A slot for connections by name that runs a function of the test.
class Slot : public QObject
{
    Q_OBJECT

public:
    explicit Slot(std::function<void()> f) : m_function(std::move(f)) { }

public slots:
    void run() { m_function(); }

private:
    std::function<void()> m_function;
};

void Deletion::aSessionInASlot()
{
    QFETCH(QByteArray, signal);
    QFETCH(QString, configuration);
    QFETCH(bool, later);
    const Play play(network);
    QNetworkConfigurationManager m;
    const QPointer<QNetworkSession> s = new QNetworkSession(m.configurationFromIdentifier(configuration));
    QNetworkSession witness(s->configuration());
    Slot remove([&] { later ? s->deleteLater() : delete s.data(); });
    Slot close([&] { s->close(); });
    s->open();
    if (configuration == QLatin1String("netsession:internet"))
        QVERIFY(s->waitForOpened());
    if (signal == SIGNAL(closed()))
        connect(s, SIGNAL(opened()), &close, SLOT(run()));
    QVERIFY(connect(s, signal, &remove, SLOT(run())));
    QVERIFY(playStep(&m));
    QTRY_VERIFY_WITH_TIMEOUT(!s, PlayWait);
    QVERIFY(playStep(&m));
}

void Deletion::aManagerInASlot_data()
{
    QTest::addColumn<QByteArray>("signal");
    for (const char *signal : {SIGNAL(configurationAdded(QNetworkConfiguration)), SIGNAL(configurationChanged(QNetworkConfiguration)),
                               SIGNAL(configurationRemoved(QNetworkConfiguration)), SIGNAL(onlineStateChanged(bool)),
                               SIGNAL(updateCompleted())})
        QTest::newRow(signal) << QByteArray(signal);
}

void Deletion::aManagerInASlot()
{
    QFETCH(QByteArray, signal);
    const Play play("access-point eth0\n"
                    "on refresh\n access-point eth1 state=active default-route=yes\n"
                    "on refresh\n set eth1 default-route=no\n"
                    "on refresh\n remove eth1\n");
    QNetworkConfigurationManager witness;
    const QPointer<QNetworkConfigurationManager> m = new QNetworkConfigurationManager;
    const QPointer<QNetworkConfigurationManager> only = new QNetworkConfigurationManager;
    Slot remove([&] { delete m.data(); });
    Slot removeBoth([&] { delete m.data(); delete only.data(); });
    QVERIFY(connect(m, signal, &remove, SLOT(run())));
    QVERIFY(connect(only, signal, &removeBoth, SLOT(run())));
    m->updateConfigurations();
    only->updateConfigurations();
    QVERIFY(playStep(&witness));
    QTRY_VERIFY_WITH_TIMEOUT(!m, PlayWait);
    QVERIFY(playStep(&witness));
}

// The dispatcher is destroyed with its last object, in the middle of a dispatch.
void Deletion::allObjectsInASlot()
{
    const Play play(network);
    auto m = new QNetworkConfigurationManager;
    auto s = new QNetworkSession(find("wlan0"));
    bool deleted = false;
    connect(s, &QNetworkSession::opened, [&] {
        delete m;
        delete s;
        deleted = true;
    });
    s->open();
    QTRY_VERIFY_WITH_TIMEOUT(deleted, PlayWait);
    QNetworkConfigurationManager again;
    QVERIFY(playStep(&again));
}

void Deletion::whileSignalsArePending()
{
    const Play play(network);
    QNetworkConfigurationManager witness;
    for (int i = 0; i < 200; ++i) {
        QNetworkConfigurationManager m;
        QNetworkSession s(find("wlan0")), t(find("wwan0"));
        s.open();
        t.open();
        m.updateConfigurations();
        s.close();
    }
    QVERIFY(playStep(&witness));
}

void Deletion::betweenTwoSlots()
{
    const Play play(network);
    const QPointer<QNetworkSession> s = new QNetworkSession(find("wlan0"));
    int before = 0, after = 0;
    connect(s, &QNetworkSession::opened, [&] { ++before; });
    connect(s, &QNetworkSession::opened, [&] { delete s.data(); });
    connect(s, &QNetworkSession::opened, [&] { ++after; });
    s->open();
    QTRY_VERIFY_WITH_TIMEOUT(!s, PlayWait);
    QCOMPARE(before, 1);
    QCOMPARE(after, 0);
}

void Deletion::insideWaitForOpened()
{
    const Play play("access-point wlan0\nstart wlan0 takes 20ms\n");
    for (const char *signal : {SIGNAL(opened()), SIGNAL(stateChanged(QNetworkSession::State))}) {
        const QPointer<QNetworkSession> s = new QNetworkSession(find("wlan0"));
        Slot remove([&] { delete s.data(); });
        connect(s, signal, &remove, SLOT(run()));
        s->open();
        QVERIFY(!s->waitForOpened());
        QVERIFY(!s);
    }
}

void Deletion::byItsParent()
{
    const Play play(network);
    QPointer<QObject> parent = new QObject;
    auto m = new QNetworkConfigurationManager(parent);
    auto s = new QNetworkSession(find("wlan0"), parent);
    connect(s, &QNetworkSession::stateChanged, m, [=] { delete parent; });
    s->open();
    QTRY_VERIFY_WITH_TIMEOUT(!parent, PlayWait);
}

void Deletion::inANestedLoop()
{
    const Play play(network);
    const QPointer<QNetworkSession> s = new QNetworkSession(find("wlan0"));
    bool ran = false;
    connect(s, &QNetworkSession::stateChanged, [&](QNetworkSession::State state) {
        if (state != QNetworkSession::Connecting)
            return;
        QEventLoop loop;
        connect(s, &QNetworkSession::opened, &loop, [&] {
            delete s.data();
            loop.quit();
        });
        loop.exec();
        ran = true;
    });
    s->open();
    QTRY_VERIFY_WITH_TIMEOUT(ran, PlayWait);
    QVERIFY(!s);
}

// Sessions and managers create and delete others in their slots.
void Deletion::stress()
{
    const Play play("access-point eth0 state=active address=192.0.2.1/24\naccess-point wlan0\n"
                    "repeat forever\n after 1ms\n set eth0 state=discovered\n after 1ms\n set eth0 state=active\nend\n");
    QNetworkConfigurationManager witness;
    QVector<QPointer<QNetworkSession>> all(40);
    QVector<QPointer<QNetworkConfigurationManager>> managers(5);
    int events = 0;
    quint32 random = 1;
    std::function<void()> onEvent = [&] {
        ++events;
        random = random * 1664525u + 1013904223u;
        QPointer<QNetworkSession> &place = all[int(random >> 8) % all.size()];
        delete place.data();
        place = new QNetworkSession(find(random >> 30 ? "eth0" : "wlan0"));
        connect(place, &QNetworkSession::stateChanged, this, onEvent);
        connect(place, &QNetworkSession::opened, place, &QNetworkSession::close);
        connect(place, &QNetworkSession::closed, this, onEvent);
        place->open();
        QPointer<QNetworkConfigurationManager> &manager = managers[int(random >> 16) % managers.size()];
        delete manager.data();
        manager = new QNetworkConfigurationManager;
        connect(manager, &QNetworkConfigurationManager::configurationChanged, this, onEvent);
    };
    for (int i = 0; i < 20; ++i)
        onEvent();
    QTRY_VERIFY_WITH_TIMEOUT(events > 2000, PlayWait);
    for (const auto &s : all)
        delete s.data();
    for (const auto &m : managers)
        delete m.data();
}

// The library frees the last handles asynchronously, on its own thread.
void Deletion::allHandlesAreFreed()
{
    if (!netsession_hook_live_handles)
        QSKIP("The library was not built with test hooks.");
    QTRY_VERIFY_WITH_TIMEOUT(netsession_hook_live_handles() == 0, PlayWait);
}

QTEST_GUILESS_MAIN(Deletion)
#include "tst_deletion.moc"
