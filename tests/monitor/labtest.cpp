// labtest.cpp - a cable is plugged in and pulled, and the user answers.
#include "labtest.h"

#include "stage.h"

#include <QProcess>

static bool run(const char *command, const char *cable)
{
    return QProcess::execute(QString::fromLatin1(command), {QString::fromLatin1(cable)}) == 0;
}

void LabTest::roamsAmongCables()
{
    const Stage stage;
    QCOMPARE(stage.item(QStringLiteral("Internet"))->childCount(), 3);
    QCOMPARE(stage.item(QStringLiteral("Guest network"))->text(2), QStringLiteral("Active"));
    stage.press("open");
    EVENTUALLY(stage.shows(QStringLiteral("opened")));
    QVERIFY(run("plug", "office"));
    EVENTUALLY(stage.canPress("migrate"));
    QVERIFY2(stage.offer().contains(QStringLiteral("Office cable")), qPrintable(stage.offer()));
    stage.press("migrate");
    EVENTUALLY(stage.canPress("accept"));
    stage.press("accept");
    EVENTUALLY(stage.find<OnlineLine>()->text().contains(QStringLiteral("by Office cable")));
    QVERIFY(run("unplug", "office"));
    EVENTUALLY(stage.lit() == QNetworkSession::Roaming);
    EVENTUALLY(stage.offer().contains(QStringLiteral("Guest network")));
    stage.press("migrate");
    EVENTUALLY(stage.canPress("accept"));
    stage.press("accept");
    EVENTUALLY(stage.lit() == QNetworkSession::Connected);
    stage.press("close");
    EVENTUALLY(stage.shows(QStringLiteral("closed")));
}
