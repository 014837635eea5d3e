// stage.h - a window of the monitor for a test, which reads it and presses its buttons.
#ifndef STAGE_H
#define STAGE_H

#include "appearance.h"
#include "configurationtree.h"
#include "eventlist.h"
#include "monitorwindow.h"
#include "offerbox.h"
#include "onlineline.h"
#include "sessiontab.h"
#include "statediagram.h"

#include <QApplication>
#include <QLabel>
#include <QPushButton>
#include <QScreen>
#include <QTabWidget>
#include <QTemporaryFile>
#include <QtTest>

enum { Wait = 120000 /* ms; far more than any step takes on a busy machine */ };

#define EVENTUALLY(condition) QTRY_VERIFY2_WITH_TIMEOUT(condition, #condition, Wait)

// A window of the monitor, with its contents and its buttons.
class Stage
{
public:
    // Shows the network of a script.
    explicit Stage(const QByteArray &script)
    {
        if (!m_file.open() || m_file.write(script) != script.size() || !m_file.flush())
            qFatal("A script could not be written: %s", qPrintable(m_file.errorString()));
        qputenv("NETSESSION_OPTIONS", "backend=script,script=" + m_file.fileName().toUtf8());
        open();
    }
    // Shows the machine's network.
    Stage() { open(); }
    ~Stage() { delete window; }

    template <typename Widget> Widget *find(const QString &name = QString()) const
    {
        return window->findChild<Widget *>(name);
    }
    SessionTab *tab() const { return static_cast<SessionTab *>(find<QTabWidget>()->currentWidget()); }
    template <typename Widget> Widget *inTab(const char *name = "") const
    {
        return tab()->findChild<Widget *>(QString::fromLatin1(name));
    }
    QPushButton *button(const char *name) const { return inTab<QPushButton>(name); }
    bool canPress(const char *name) const { return button(name)->isEnabled(); }
    void press(const char *name) const { QTest::mouseClick(button(name), Qt::LeftButton); }
    void nextStep() const { QTest::mouseClick(find<QPushButton>(QStringLiteral("rescan")), Qt::LeftButton); }

    QNetworkSession::State lit() const { return inTab<StateDiagram>()->state(); }
    QString offer() const { return inTab<OfferBox>()->text(); }
    bool shows(const QString &line) const
    {
        return !inTab<EventList>()->findItems(line, Qt::MatchContains).isEmpty();
    }
    QTreeWidgetItem *item(const QString &name) const
    {
        const auto found = find<ConfigurationTree>()->findItems(name, Qt::MatchExactly | Qt::MatchRecursive);
        return found.isEmpty() ? nullptr : found.first();
    }
    // Double-clicks a network, and selects its tab.
    void choose(const QString &name) const
    {
        QTreeWidgetItem *const at = item(name);
        auto *const tree = find<ConfigurationTree>();
        const QPoint middle = tree->visualItemRect(at).center();
        QTest::mouseClick(tree->viewport(), Qt::LeftButton, {}, middle);
        QTest::mouseDClick(tree->viewport(), Qt::LeftButton, {}, middle);
    }
    // A screenshot of the window from the X server.
    QImage screenshot() const
    {
        return window->screen()->grabWindow(window->winId()).toImage().convertToFormat(QImage::Format_RGB32);
    }

    MonitorWindow *window;

private:
    void open()
    {
        window = new MonitorWindow;
        window->show();
        if (!QTest::qWaitForWindowExposed(window))
            qFatal("The window is not exposed.");
    }

    QTemporaryFile m_file;
};

#endif
