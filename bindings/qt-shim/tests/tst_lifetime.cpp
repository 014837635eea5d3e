// tst_lifetime.cpp - objects that are created before the application object or
// deleted after it, temporaries, and static objects.
#include "play.h"

#include <sys/wait.h>
#include <unistd.h>

class Lifetime : public QObject
{
    Q_OBJECT

private slots:
    void beforeTheApplication();
    void withoutAnApplication();
    void afterTheApplication();
    void severalApplications();
    void temporaries();
    void programExits_data();
    void programExits();
    void forkedChild();
    void staticObjects(); // runs last, because the objects live until the program exits
};

static const char network[] =
    "access-point wlan0 bearer=wlan address=192.0.2.1/24 default-route=yes\n"
    "on refresh\n access-point eth1\n";

static QNetworkConfiguration wlan()
{
    return QNetworkConfigurationManager().configurationFromIdentifier(QStringLiteral("wlan0"));
}

struct Application : QCoreApplication
{
    Application() : QCoreApplication(count(), arguments()) { }
    static int &count()
    {
        static int n = 1;
        return n;
    }
    static char **arguments()
    {
        static char name[] = "lifetime", *all[] = {name, nullptr};
        return all;
    }
};

void Lifetime::beforeTheApplication()
{
    const Play play(network);
    QNetworkConfigurationManager m;
    QNetworkSession s(wlan());
    Log log;
    log.watch(&m);
    log.watch(&s, QStringLiteral("s"));
    QVERIFY(m.allConfigurations().size() == 2 && !m.isOnline());
    s.open();
    m.updateConfigurations();
    const Application application;
    QVERIFY(log.await(QStringLiteral("s Connected")));
    QVERIFY(log.await(QStringLiteral("updated")));
    QCOMPARE(log.received(QStringLiteral("s")), QStringLiteral("Connecting, opened, Connected"));
    QVERIFY(log.received().contains(QStringLiteral("added eth1")));
}

void Lifetime::withoutAnApplication()
{
    const Play play(network);
    QNetworkSession s(wlan());
    Log log;
    log.watch(&s);
    s.open();
    QVERIFY(s.waitForOpened());
    QCOMPARE(log.received(), QStringLiteral("Connecting, opened, Connected"));
    s.close();
    for (QDeadlineTimer bound(PlayWait); s.state() != QNetworkSession::Disconnected && !bound.hasExpired();)
        QThread::msleep(1);
    QCOMPARE(s.state(), QNetworkSession::Disconnected);
}

void Lifetime::afterTheApplication()
{
    const Play play(network);
    auto application = new Application;
    auto m = new QNetworkConfigurationManager;
    auto s = new QNetworkSession(wlan());
    QCoreApplication::processEvents();
    delete application;
    QVERIFY(!m->isOnline());
    s->open();
    QVERIFY(s->waitForOpened());
    QVERIFY(m->isOnline());
    QNetworkSession late(m->defaultConfiguration());
    QCOMPARE(late.state(), QNetworkSession::Connected);
    delete m;
    delete s;
}

void Lifetime::severalApplications()
{
    const Play play(network);
    auto first = new Application;
    QNetworkConfigurationManager m;
    QNetworkSession s(wlan());
    Log log;
    log.watch(&m);
    log.watch(&s, QStringLiteral("s"));
    QCoreApplication::processEvents();
    delete first;
    s.open();
    for (int i = 0; i < 3; ++i) {
        const Application next;
        m.updateConfigurations();
        QVERIFY(log.await(QStringLiteral("updated")));
        log.clear();
    }
    const Application last;
    s.close();
    QVERIFY(log.await(QStringLiteral("s Disconnected")));
}

void Lifetime::temporaries()
{
    const Play play(network);
    const Application application;
    for (int i = 0; i < 1000; ++i) {
        QVERIFY(!QNetworkConfigurationManager().isOnline());
        QCOMPARE(QNetworkConfigurationManager().defaultConfiguration().name(), QStringLiteral("wlan0"));
        QCOMPARE(QNetworkSession(QNetworkConfigurationManager().defaultConfiguration()).state(),
                 QNetworkSession::Disconnected);
    }
    QDir descriptors(QStringLiteral("/proc/self/fd"));
    QVERIFY(descriptors.count() < 100);
}

// The objects are created here and destroyed when the program exits.
void Lifetime::staticObjects()
{
    static const Play play(network);
    static QNetworkConfigurationManager m;
    static QNetworkSession s(wlan());
    static const QNetworkConfiguration c = s.configuration();
    const Application application;
    Log log;
    log.watch(&s);
    s.open();
    QVERIFY(log.await(QStringLiteral("Connected")));
    QVERIFY(c.state() == QNetworkConfiguration::Active);
}

void Lifetime::programExits_data()
{
    QTest::addColumn<QString>("how");
    for (const char *how : {"quit", "exit", "exit in a slot", "return without a loop"})
        QTest::newRow(how) << QString::fromLatin1(how);
}

// Runs in another process, whose exit status is the result.
void Lifetime::programExits()
{
    QFETCH(QString, how);
    const Application application;
    QProcess program;
    program.start(QFile::symLinkTarget(QStringLiteral("/proc/self/exe")), {QStringLiteral("end"), how});
    QVERIFY(program.waitForFinished(PlayWait));
    QCOMPARE(program.exitStatus(), QProcess::NormalExit);
    QCOMPARE(program.exitCode(), 0);
    QCOMPARE(program.readAllStandardError(), QByteArray());
}

static int end(const QString &how)
{
    static const Play play(network);
    static QNetworkConfigurationManager m;
    static QNetworkSession s(wlan());
    const Application application;
    auto leaked = new QNetworkSession(wlan());
    leaked->open();
    if (how == QLatin1String("exit"))
        exit(0);
    QObject::connect(leaked, &QNetworkSession::opened, [&] {
        if (how == QLatin1String("exit in a slot"))
            exit(0);
        QCoreApplication::quit();
    });
    return how == QLatin1String("return without a loop") ? 0 : QCoreApplication::exec();
}

// The library does nothing in a forked child, and no call blocks.
void Lifetime::forkedChild()
{
    const Play play(network);
    const Application application;
    QNetworkConfigurationManager m;
    QNetworkSession s(wlan());
    const QNetworkConfiguration c = s.configuration();
    const pid_t child = fork();
    if (child == 0) {
        s.open();
        s.close();
        const bool inert = s.state() == QNetworkSession::Invalid && !s.isOpen() && !m.isOnline()
            && m.allConfigurations().isEmpty() && !c.isValid() && c.name().isEmpty()
            && c.state() == QNetworkConfiguration::Undefined && !s.waitForOpened();
        _exit(inert ? 0 : 1);
    }
    int status = -1;
    waitpid(child, &status, 0);
    QCOMPARE(status, 0);
    Log log;
    log.watch(&s);
    s.open();
    QVERIFY(log.await(QStringLiteral("Connected")));
}

int main(int argc, char **argv)
{
    if (argc == 3 && qstrcmp(argv[1], "end") == 0)
        return end(QString::fromLocal8Bit(argv[2]));
    Lifetime tests;
    return QTest::qExec(&tests, argc, argv);
}

#include "tst_lifetime.moc"
