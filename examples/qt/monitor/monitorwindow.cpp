// monitorwindow.cpp - the networks on the left, sessions on the right.
#include "monitorwindow.h"

#include "configurationtree.h"
#include "onlineline.h"
#include "sessiontab.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QSplitter>
#include <QStackedWidget>
#include <QTabWidget>
#include <QVBoxLayout>
#include <algorithm>

MonitorWindow::MonitorWindow(QWidget *parent) : QMainWindow(parent)
{
    setWindowTitle(tr("Network sessions"));
    auto *const splitter = new QSplitter(this);
    splitter->addWidget(makeLeft());
    splitter->addWidget(makeRight());
    splitter->setStretchFactor(1, 1);
    splitter->setSizes({330, 670});
    splitter->setChildrenCollapsible(false);

    auto *const body = new QWidget(this);
    auto *const layout = new QVBoxLayout(body);
    layout->setContentsMargins(8, 4, 8, 8);
    layout->addWidget(makeTop());
    layout->addWidget(splitter, 1);
    setCentralWidget(body);
    resize(1000, 700);
    showSession(m_manager.configurationFromIdentifier(QStringLiteral("netsession:internet")));
}

QWidget *MonitorWindow::makeTop()
{
    auto *const top = new QWidget(this);
    auto *const layout = new QHBoxLayout(top);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(new OnlineLine(&m_manager, top), 1);
    auto *const rescan = new QPushButton(tr("Rescan"), top);
    rescan->setObjectName(QStringLiteral("rescan"));
    rescan->setToolTip(tr("Ask the system to scan for networks"));
    layout->addWidget(rescan);
    connect(rescan, &QPushButton::clicked, &m_manager, &QNetworkConfigurationManager::updateConfigurations);
    return top;
}

QWidget *MonitorWindow::makeLeft()
{
    auto *const left = new QWidget(this);
    auto *const layout = new QVBoxLayout(left);
    layout->setContentsMargins(0, 0, 0, 0);
    m_tree = new ConfigurationTree(&m_manager, left);
    m_hint = new QLabel(left);
    m_hint->setObjectName(QStringLiteral("hint"));
    m_hint->setWordWrap(true);
    auto *const session = new QPushButton(tr("Show session"), left);
    session->setObjectName(QStringLiteral("session"));
    layout->addWidget(m_tree, 1);
    layout->addWidget(m_hint);
    layout->addWidget(session);
    connect(m_tree, &ConfigurationTree::chosen, this, &MonitorWindow::showSession);
    connect(session, &QPushButton::clicked, this, [this] { showSession(m_tree->selected()); });
    connect(&m_manager, &QNetworkConfigurationManager::configurationAdded, this, &MonitorWindow::refreshHint);
    connect(&m_manager, &QNetworkConfigurationManager::configurationRemoved, this, &MonitorWindow::refreshHint);
    refreshHint();
    return left;
}

QWidget *MonitorWindow::makeRight()
{
    auto *const stack = new QStackedWidget(this);
    m_tabs = new QTabWidget(stack);
    m_tabs->setTabsClosable(true);
    m_tabs->setDocumentMode(true);
    auto *const empty = new QLabel(tr("Double-click a network to see a session on it."), stack);
    empty->setAlignment(Qt::AlignCenter);
    stack->addWidget(empty);
    stack->addWidget(m_tabs);
    connect(m_tabs, &QTabWidget::tabCloseRequested, this, [this](int index) { delete m_tabs->widget(index); });
    connect(m_tabs, &QTabWidget::currentChanged, stack, [stack](int index) { stack->setCurrentIndex(index >= 0); });
    return stack;
}

void MonitorWindow::showSession(const QNetworkConfiguration &config)
{
    if (config.identifier().isEmpty())
        return;
    for (int i = 0; i < m_tabs->count(); ++i) {
        if (static_cast<SessionTab *>(m_tabs->widget(i))->configuration() == config) {
            m_tabs->setCurrentIndex(i);
            return;
        }
    }
    m_tabs->setCurrentIndex(m_tabs->addTab(new SessionTab(config), config.name()));
}

// A service network without access points cannot be opened.
void MonitorWindow::refreshHint()
{
    const QList<QNetworkConfiguration> all = m_manager.allConfigurations();
    const bool any = std::any_of(all.begin(), all.end(), [](const QNetworkConfiguration &config) {
        return config.type() == QNetworkConfiguration::InternetAccessPoint;
    });
    m_hint->setVisible(!any);
    m_hint->setText(tr("There is no network yet. It is listed here as soon as a cable is plugged in, "
                       "or a radio switched on."));
}
