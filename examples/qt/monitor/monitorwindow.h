// monitorwindow.h - the networks on the left, sessions on the right.
#ifndef MONITORWINDOW_H
#define MONITORWINDOW_H

#include <QMainWindow>
#include <QNetworkConfigurationManager>

class ConfigurationTree;
class QLabel;
class QTabWidget;

class MonitorWindow : public QMainWindow
{
    Q_OBJECT

public:
    explicit MonitorWindow(QWidget *parent = nullptr);

    // Shows the tab with the session on a network; creates it if there is none.
    void showSession(const QNetworkConfiguration &config);

private:
    QWidget *makeTop();
    QWidget *makeLeft();
    QWidget *makeRight();
    void refreshHint();

    QNetworkConfigurationManager m_manager;
    ConfigurationTree *m_tree;
    QTabWidget *m_tabs;
    QLabel *m_hint;
};

#endif
