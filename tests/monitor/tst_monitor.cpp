// tst_monitor.cpp - the bearer monitor, in a real window on an X server, on
// networks that are played from a script: what a user sees and presses. The
// variable NETSESSION_IMAGES names a folder for the pictures of the README.
#include "icons.h"
#include "labtest.h"
#include "stage.h"

#include <QFontMetricsF>
#include <QPainterPath>
#include <QStyleFactory>

static const char office[] =
    "access-point eth0 name=\"Office cable\" bearer=ethernet state=defined address=192.0.2.5/24"
    " default-route=yes metric=100 received=52000000+310000/s written=8000000+120000/s\n"
    "access-point guest0 name=\"Guest Wi-Fi\" bearer=wlan strength=34 purpose=private\n"
    "access-point wlan0 name=\"Office Wi-Fi\" bearer=wlan strength=72 state=active address=192.0.2.77/24"
    " default-route=yes metric=600 received=71000000+84000/s written=9300000+21000/s\n"
    "access-point wwan0 name=\"Mobile data\" bearer=lte strength=58 metered=yes address=203.0.113.9/32"
    " default-route=yes metric=700\n"
    "start wwan0 hangs\n";

static const char story[] =
    "on refresh\n    set eth0 state=active\n"                               // plugged in
    "on refresh\n    set eth0 state=defined\n    set wlan0 state=defined\n" // both are lost
    "on refresh\n    start wwan0 succeeds\n";

static int coloursOf(const QImage &image)
{
    QSet<QRgb> colours;
    for (int y = 0; y < image.height(); y += 2)
        for (int x = 0; x < image.width(); x += 2)
            colours += image.pixel(x, y);
    return int(colours.size());
}

static QPalette darkPalette()
{
    QPalette dark(QColor(0x2b, 0x2f, 0x36));
    dark.setColor(QPalette::Base, QColor(0x1d, 0x21, 0x27));
    dark.setColor(QPalette::AlternateBase, QColor(0x24, 0x28, 0x2f));
    dark.setColor(QPalette::Highlight, QColor(0x31, 0x56, 0x82));
    for (QPalette::ColorRole role : {QPalette::Text, QPalette::WindowText, QPalette::ButtonText, QPalette::HighlightedText})
        dark.setColor(role, QColor(0xe4, 0xe7, 0xeb));
    for (QPalette::ColorRole role : {QPalette::Text, QPalette::WindowText, QPalette::ButtonText})
        dark.setColor(QPalette::Disabled, role, QColor(0x7d, 0x83, 0x8c));
    return dark;
}

class MonitorTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void showsNetworks();
    void followsTheNetwork();
    void opensAndCloses();
    void saysWhyItWasRefused();
    void roamsToABetterOne();
    void ignoresAndRejects();
    void roamsWhenTheLinkIsLost();
    void showsThatThereIsNothing();
    void signalsLookDifferent();
    void diagramIsReadable();
    void pictures_data();
    void pictures();
};

void MonitorTest::initTestCase()
{
    QCOMPARE(QGuiApplication::platformName(), QStringLiteral("xcb"));
    QApplication::setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
}

void MonitorTest::showsNetworks()
{
    const Stage stage(office);
    QTreeWidgetItem *const internet = stage.item(QStringLiteral("Internet"));
    QVERIFY(internet);
    QCOMPARE(internet->childCount(), 3);
    QCOMPARE(internet->text(2), QStringLiteral("Active"));
    QCOMPARE(stage.item(QStringLiteral("Office Wi-Fi"))->parent(), internet);
    QCOMPARE(stage.item(QStringLiteral("Office Wi-Fi"))->text(1), QStringLiteral("WLAN"));
    QCOMPARE(stage.item(QStringLiteral("Office cable"))->text(2), QStringLiteral("Defined"));
    QVERIFY(!stage.item(QStringLiteral("Guest Wi-Fi"))->parent()); // it is private
    const QString line = stage.find<OnlineLine>()->text();
    QVERIFY2(line.startsWith(QStringLiteral("Online")), qPrintable(line));
    QVERIFY2(line.contains(QStringLiteral("by Office Wi-Fi")), qPrintable(line));
    QCOMPARE(stage.tab()->configuration().identifier(), QStringLiteral("netsession:internet"));
}

void MonitorTest::followsTheNetwork()
{
    const Stage stage("access-point b\non refresh\n access-point a\n access-point c state=active address=192.0.2.1/24 default-route=yes\n"
                      "on refresh\n remove b\n");
    QCOMPARE(stage.item(QStringLiteral("Internet"))->childCount(), 1);
    QVERIFY(stage.find<OnlineLine>()->text().startsWith(QStringLiteral("Offline")));
    stage.nextStep();
    EVENTUALLY(stage.item(QStringLiteral("Internet"))->childCount() == 3);
    QCOMPARE(stage.item(QStringLiteral("Internet"))->child(2)->text(2), QStringLiteral("Active"));
    EVENTUALLY(stage.find<OnlineLine>()->text().startsWith(QStringLiteral("Online")));
    stage.nextStep();
    EVENTUALLY(!stage.item(QStringLiteral("b")));
    QCOMPARE(stage.item(QStringLiteral("Internet"))->childCount(), 2);
}

void MonitorTest::opensAndCloses()
{
    const Stage stage("access-point wlan0 name=\"Wi-Fi\" bearer=wlan address=192.0.2.1/24\n"
                      "start wlan0 hangs\non refresh\n start wlan0 succeeds\n stop wlan0 hangs\n"
                      "on refresh\n stop wlan0 succeeds\n");
    stage.choose(QStringLiteral("Wi-Fi"));
    QCOMPARE(stage.find<QTabWidget>()->count(), 2);
    QCOMPARE(stage.tab()->configuration().identifier(), QStringLiteral("wlan0"));
    QCOMPARE(stage.lit(), QNetworkSession::Disconnected);
    QVERIFY(!stage.canPress("close") && !stage.canPress("stop"));
    stage.press("open");
    EVENTUALLY(stage.lit() == QNetworkSession::Connecting);
    stage.nextStep();
    EVENTUALLY(stage.lit() == QNetworkSession::Connected);
    QVERIFY(!stage.canPress("open") && stage.canPress("stop"));
    stage.press("close");
    EVENTUALLY(stage.lit() == QNetworkSession::Closing);
    stage.nextStep();
    EVENTUALLY(stage.lit() == QNetworkSession::Disconnected);
    QVERIFY(stage.shows(QStringLiteral("opened")) && stage.shows(QStringLiteral("closed")));
    stage.choose(QStringLiteral("Wi-Fi")); // there is a tab already
    QCOMPARE(stage.find<QTabWidget>()->count(), 2);
    emit stage.find<QTabWidget>()->tabCloseRequested(1);
    emit stage.find<QTabWidget>()->tabCloseRequested(0);
    QCOMPARE(stage.find<QTabWidget>()->count(), 0);
}

void MonitorTest::saysWhyItWasRefused()
{
    const Stage stage("access-point wlan0 name=\"Hotel\" bearer=wlan\n"
                      "start wlan0 fails aborted \"The password was wrong.\"\n");
    stage.choose(QStringLiteral("Hotel"));
    QVERIFY(!stage.inTab<QLabel>("error")->isVisible());
    stage.press("open");
    EVENTUALLY(stage.inTab<QLabel>("error")->isVisible());
    QCOMPARE(stage.inTab<QLabel>("error")->text(), QStringLiteral("The password was wrong."));
    QVERIFY(stage.shows(QStringLiteral("SessionAbortedError")));
    QCOMPARE(stage.lit(), QNetworkSession::Disconnected);
}

void MonitorTest::roamsToABetterOne()
{
    const Stage stage(QByteArray(office) + story);
    stage.press("open");
    EVENTUALLY(stage.shows(QStringLiteral("opened")));
    QVERIFY(!stage.canPress("migrate") && !stage.canPress("ignore"));
    stage.nextStep();
    EVENTUALLY(stage.canPress("migrate"));
    QVERIFY2(stage.offer().contains(QStringLiteral("Office cable")), qPrintable(stage.offer()));
    QVERIFY(!stage.canPress("accept"));
    stage.press("migrate");
    EVENTUALLY(stage.canPress("accept"));
    QVERIFY(stage.shows(QStringLiteral("stateChanged: Roaming")));
    QCOMPARE(stage.lit(), QNetworkSession::Connected);
    stage.press("accept");
    QVERIFY(!stage.canPress("accept") && !stage.canPress("reject"));
    QVERIFY(stage.canPress("close"));
}

void MonitorTest::ignoresAndRejects()
{
    const Stage stage(QByteArray(office) + "on refresh\n set eth0 state=active\n"
                                           "on refresh\n set eth0 state=defined\n"
                                           "on refresh\n set eth0 state=active\n");
    stage.press("open");
    stage.nextStep();
    EVENTUALLY(stage.canPress("ignore"));
    stage.press("ignore");
    QVERIFY(!stage.canPress("migrate"));
    stage.nextStep();
    EVENTUALLY(stage.item(QStringLiteral("Office cable"))->text(2) == QStringLiteral("Defined"));
    stage.nextStep();
    EVENTUALLY(stage.canPress("migrate"));
    stage.press("migrate");
    EVENTUALLY(stage.canPress("reject"));
    stage.press("reject");
    QVERIFY(!stage.canPress("accept"));
    EVENTUALLY(stage.inTab<EventList>()->findItems(QStringLiteral("Roaming"), Qt::MatchEndsWith).size() == 2);
    EVENTUALLY(stage.lit() == QNetworkSession::Connected);
}

void MonitorTest::roamsWhenTheLinkIsLost()
{
    const Stage stage(QByteArray(office) + story);
    stage.press("open");
    stage.nextStep();
    EVENTUALLY(stage.canPress("migrate"));
    stage.nextStep();
    EVENTUALLY(stage.lit() == QNetworkSession::Roaming);
    EVENTUALLY(stage.offer().contains(QStringLiteral("Mobile data")));
    stage.press("migrate");
    QVERIFY(!stage.canPress("migrate"));
    QCOMPARE(stage.lit(), QNetworkSession::Roaming);
    stage.nextStep();
    EVENTUALLY(stage.canPress("accept"));
    EVENTUALLY(stage.lit() == QNetworkSession::Connected);
    stage.press("accept");
    EVENTUALLY(stage.shows(QStringLiteral("NoBackgroundTrafficPolicy")));
}

void MonitorTest::showsThatThereIsNothing()
{
    const Stage stage("");
    QVERIFY(stage.item(QStringLiteral("Internet")));
    QVERIFY(stage.find<QLabel>(QStringLiteral("hint"))->isVisible());
    QVERIFY(stage.find<OnlineLine>()->text().startsWith(QStringLiteral("Offline")));
    QCOMPARE(stage.lit(), QNetworkSession::NotAvailable);
    stage.press("open");
    EVENTUALLY(stage.inTab<QLabel>("error")->isVisible());
}

static QImage imageOf(const QNetworkConfiguration &config, const QPalette &palette)
{
    return iconOf(config, palette).pixmap(20, 20).toImage();
}

void MonitorTest::signalsLookDifferent()
{
    const Stage stage("access-point a bearer=wlan strength=80\naccess-point b bearer=wlan strength=10\n"
                      "access-point c bearer=lte strength=80\naccess-point d bearer=lte strength=10\n"
                      "access-point e bearer=ethernet\naccess-point f bearer=bluetooth\naccess-point g\n"
                      "access-point h bearer=ethernet state=defined\n");
    QNetworkConfigurationManager manager;
    QList<QImage> all;
    for (const QPalette &palette : {QPalette(), darkPalette()})
        for (const QNetworkConfiguration &config : manager.allConfigurations())
            all += imageOf(config, palette);
    QCOMPARE(all.size(), 18);
    for (int i = 0; i < all.size(); ++i)
        for (int j = 0; j < i; ++j)
            QVERIFY2(all[i] != all[j], qPrintable(QStringLiteral("%1 and %2").arg(i).arg(j)));
}

static QRectF labelBox(const StateTransition &transition)
{
    QFont font = QApplication::font();
    font.setPixelSize(LabelPixels);
    return labelBox(transition, font);
}

// Whether the line of a transition crosses a box.
static bool crosses(const StateTransition &transition, const QRectF &box)
{
    QPainterPath path(transition.points.first());
    for (const QPointF &point : transition.points)
        path.lineTo(point);
    return QPainterPathStroker().createStroke(path).intersects(box);
}

void MonitorTest::diagramIsReadable()
{
    const QRectF sheet(0, 0, SheetWidth, SheetHeight);
    QFont font = QApplication::font();
    font.setPixelSize(NamePixels);
    font.setBold(true);
    for (const StateNode &node : stateNodes()) {
        QVERIFY(sheet.contains(node.box));
        QVERIFY(QFontMetricsF(font).horizontalAdvance(nameOf(node.state)) < node.box.width());
        for (const StateTransition &transition : stateTransitions()) {
            QVERIFY2(!labelBox(transition).intersects(node.box), qPrintable(transition.label));
            if (transition.from != node.state && transition.to != node.state)
                QVERIFY2(!crosses(transition, node.box), qPrintable(transition.label));
        }
    }
    for (const StateTransition &transition : stateTransitions()) {
        QVERIFY2(sheet.contains(labelBox(transition)), qPrintable(transition.label));
        for (const StateTransition &other : stateTransitions()) {
            if (&transition == &other)
                continue;
            const QString both = transition.label + QStringLiteral(" and ") + other.label;
            QVERIFY2(!labelBox(transition).intersects(labelBox(other)), qPrintable(both));
            QVERIFY2(!crosses(other, labelBox(transition)), qPrintable(both));
        }
    }
}

// Traffic that is worth a picture, for three quarters of a minute.
static QByteArray traffic()
{
    QByteArray steps;
    int received = 71000000, written = 9300000;
    const int rates[] = {40, 60, 220, 540, 610, 480, 590, 320, 90, 30, 35, 160, 380, 410, 250};
    for (int i = 0; i < 45; ++i) {
        const int rate = 1000 * rates[i / 3] * (8 + i % 3) / 9;
        steps += "at " + QByteArray::number(i + 1) + "s\n set wlan0 received=" + QByteArray::number(received += rate)
            + " written=" + QByteArray::number(written += rate / 5 + 20000) + "\n";
    }
    return steps;
}

void MonitorTest::pictures_data()
{
    QTest::addColumn<QPalette>("palette");
    QTest::newRow("monitor") << QApplication::palette();
    QTest::newRow("monitor-dark") << darkPalette();
}

void MonitorTest::pictures()
{
    QFETCH(QPalette, palette);
    const QString folder = qEnvironmentVariable("NETSESSION_IMAGES");
    QApplication::setPalette(palette);
    {
        const Stage stage(QByteArray(office) + (folder.isEmpty() ? QByteArray() : traffic()) + story);
        stage.press("open");
        EVENTUALLY(stage.shows(QStringLiteral("opened")));
        if (!folder.isEmpty())
            QTest::qWait(46000);
        stage.nextStep();
        EVENTUALLY(stage.canPress("migrate"));
        QTest::mouseMove(stage.window, QPoint(2, 2));
        EVENTUALLY(coloursOf(stage.screenshot()) > 100);
        if (!folder.isEmpty())
            QTest::qWait(500); // the last change is painted, too
        const QImage screenshot = stage.screenshot();
        QCOMPARE(screenshot.size(), QSize(1000, 700));
        QCOMPARE(qGray(screenshot.pixel(990, 690)) < 128, isDark(palette));
        if (!folder.isEmpty())
            QVERIFY(screenshot.save(folder + QLatin1Char('/') + QString::fromLatin1(QTest::currentDataTag())
                                 + QStringLiteral(".png"), "PNG", 0));
    }
    QApplication::setPalette(QPalette());
}

// In the lab there is one test, elsewhere there are all others.
int main(int argc, char *argv[])
{
    QApplication application(argc, argv);
    if (qEnvironmentVariableIsSet("LAB_NM")) {
        LabTest test;
        return QTest::qExec(&test, argc, argv);
    }
    MonitorTest test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_monitor.moc"
