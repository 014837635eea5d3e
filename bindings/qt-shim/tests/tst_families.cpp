// tst_families.cpp - on Qt 5: Qt's own classes and NetSession's classes side by side
// in one process. Built with the address and undefined behaviour sanitizers.
#define QT_NO_DEPRECATED_WARNINGS // Qt 5.15 deprecates its own classes
#include <NetSession/QNetworkConfigurationManager>
#include <NetSession/QNetworkSession>
#include <QtNetwork/QtNetwork>
#include <QtTest/QtTest>
#include <dlfcn.h>

Q_DECLARE_METATYPE(const QMetaObject *)

enum { Wait = 120000 /* ms */ };

class Families : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void symbolsDoNotCollide();
    void methodsAreTheSame_data();
    void methodsAreTheSame();
    void bothInUse();
    void queuedByName_data();
    void queuedByName();
    void conversionsAreNotMixedUp();

private:
    QTemporaryFile m_script;
};

// Receives queued signals of Qt's own classes, connected by name.
class Receiver : public QObject
{
    Q_OBJECT

public slots:
    void onAdded(const QNetworkConfiguration &) { ++qt; }
    void onState(QNetworkSession::State) { ++qt; }

public:
    int qt = 0;
};

class NetReceiver : public QObject
{
    Q_OBJECT
    // As with qt5switch: moc sees the plain names.
#ifndef Q_MOC_RUN
    using QNetworkConfiguration = NetSession::QNetworkConfiguration;
    using QNetworkSession = NetSession::QNetworkSession;
#endif

public slots:
    void onAdded(const QNetworkConfiguration &c) { added += c.identifier(); }
    void onState(QNetworkSession::State state) { states += int(state); }

public:
    QStringList added;
    QVector<int> states;
};

void Families::initTestCase()
{
    QVERIFY(m_script.open());
    m_script.write("access-point wlan0\non refresh\n access-point eth1\n");
    QVERIFY(m_script.flush());
    qputenv("NETSESSION_OPTIONS", "backend=script,script=" + m_script.fileName().toUtf8());
}

static QByteArray libraryOf(const void *address)
{
    Dl_info info;
    return dladdr(address, &info) ? QByteArray(info.dli_fname) : QByteArray();
}

void Families::symbolsDoNotCollide()
{
    QVERIFY(libraryOf(&QNetworkSession::staticMetaObject).contains("libQt5Network"));
    QVERIFY(libraryOf(&QNetworkConfigurationManager::staticMetaObject).contains("libQt5Network"));
    QVERIFY(!libraryOf(&NetSession::QNetworkSession::staticMetaObject).contains("libQt5Network"));
    // The library exports no symbol that Qt exports.
    QLibrary shim(QString::fromLocal8Bit(qgetenv("NETSESSION_QT5")));
    QVERIFY2(shim.load(), qPrintable(shim.errorString()));
    QVERIFY(!libraryOf(reinterpret_cast<void *>(shim.resolve("_ZN15QNetworkSession4openEv"))).contains("netsession"));
    QVERIFY(libraryOf(reinterpret_cast<void *>(shim.resolve("_ZN10NetSession15QNetworkSession4openEv"))).contains("netsession"));
}

void Families::methodsAreTheSame_data()
{
    QTest::addColumn<const QMetaObject *>("ours");
    QTest::addColumn<const QMetaObject *>("qts");
    QTest::newRow("session") << &NetSession::QNetworkSession::staticMetaObject << &QNetworkSession::staticMetaObject;
    QTest::newRow("manager") << &NetSession::QNetworkConfigurationManager::staticMetaObject
                             << &QNetworkConfigurationManager::staticMetaObject;
}

void Families::methodsAreTheSame()
{
    QFETCH(const QMetaObject *, ours);
    QFETCH(const QMetaObject *, qts);
    QCOMPARE(ours->methodCount(), qts->methodCount());
    for (int i = qts->methodOffset(); i < qts->methodCount(); ++i) {
        QCOMPARE(ours->method(i).methodSignature(), qts->method(i).methodSignature());
        QCOMPARE(ours->method(i).methodType(), qts->method(i).methodType());
        QCOMPARE(ours->method(i).access(), qts->method(i).access());
        QCOMPARE(ours->method(i).parameterNames(), qts->method(i).parameterNames());
    }
}

void Families::bothInUse()
{
    QNetworkConfigurationManager theirs;
    NetSession::QNetworkConfigurationManager ours;
    QNetworkSession qt(theirs.defaultConfiguration());
    NetSession::QNetworkSession s(ours.configurationFromIdentifier(QStringLiteral("wlan0")));
    QSignalSpy opened(&s, &NetSession::QNetworkSession::opened);
    s.open();
    QVERIFY(s.waitForOpened());
    QCOMPARE(opened.count(), 1);
    QVERIFY(!qt.isOpen());
    QCOMPARE(ours.allConfigurations().size(), 2);
}

void Families::queuedByName_data()
{
    QTest::addColumn<bool>("qtFirst");
    QTest::newRow("no metatype registered before") << false;
    QTest::newRow("after Qt's metatypes") << true;
}

// Queued connections look the argument types up by a name that both families share.
void Families::queuedByName()
{
    QFETCH(bool, qtFirst);
    if (qtFirst) {
        qRegisterMetaType<QNetworkConfiguration>("QNetworkConfiguration");
        qRegisterMetaType<QNetworkSession::State>("QNetworkSession::State");
    }
    NetReceiver receiver;
    auto m = new NetSession::QNetworkConfigurationManager;
    auto s = new NetSession::QNetworkSession(m->configurationFromIdentifier(QStringLiteral("wlan0")));
    QVERIFY(connect(m, SIGNAL(configurationChanged(QNetworkConfiguration)), &receiver, SLOT(onAdded(QNetworkConfiguration)), Qt::QueuedConnection));
    QVERIFY(connect(s, SIGNAL(stateChanged(QNetworkSession::State)), &receiver, SLOT(onState(QNetworkSession::State)), Qt::QueuedConnection));
    s->open();
    QTRY_VERIFY_WITH_TIMEOUT(s->isOpen(), Wait);
    s->stop();
    QTRY_VERIFY_WITH_TIMEOUT(receiver.states.contains(int(NetSession::QNetworkSession::Disconnected)), Wait);
    QTRY_VERIFY_WITH_TIMEOUT(receiver.added.contains(QStringLiteral("wlan0")), Wait);
    // The queued argument holds the last reference to the configuration.
    NetSession::QNetworkConfiguration last = m->configurationFromIdentifier(QStringLiteral("wlan0"));
    delete s;
    emit m->configurationChanged(last);
    last = NetSession::QNetworkConfiguration();
    delete m;
    receiver.added.clear();
    QTRY_COMPARE_WITH_TIMEOUT(receiver.added.size(), 1, Wait);
}

void Families::conversionsAreNotMixedUp()
{
    Receiver qts;
    QNetworkConfigurationManager theirs;
    QVERIFY(connect(&theirs, SIGNAL(configurationAdded(QNetworkConfiguration)), &qts, SLOT(onAdded(QNetworkConfiguration)), Qt::QueuedConnection));
    emit theirs.configurationAdded(theirs.defaultConfiguration());
    QTRY_VERIFY_WITH_TIMEOUT(qts.qt > 0, Wait);
    NetSession::QNetworkConfigurationManager ours;
    const auto c = ours.configurationFromIdentifier(QStringLiteral("wlan0"));
    QCOMPARE(QVariant::fromValue(c).value<NetSession::QNetworkConfiguration>(), c);
    const auto qtc = theirs.defaultConfiguration();
    QCOMPARE(QVariant::fromValue(qtc).value<QNetworkConfiguration>(), qtc);
}

QTEST_GUILESS_MAIN(Families)
#include "tst_families.moc"
