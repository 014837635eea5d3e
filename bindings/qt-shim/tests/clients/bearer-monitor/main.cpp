// A bearer monitor: a tree of all configurations, kept up to date, and a tab with
// a session on the one that is selected.
#include <QApplication>
#include <QHeaderView>
#include <QLabel>
#include <QTabWidget>
#include <QTextStream>
#include <QTreeWidget>
#include <QVBoxLayout>
#include <qnetworkconfigmanager.h>
#include <qnetworksession.h>

// One session: what the tab shows of it.
class SessionTab : public QWidget
{
    Q_OBJECT

public:
    SessionTab(const QNetworkConfiguration &config, QWidget *parent = 0);

private slots:
    void refresh();
    void stateChanged(QNetworkSession::State state);
    void sessionError(QNetworkSession::SessionError error);
    void opened();
    void closed();

private:
    static QString nameOf(QNetworkSession::State state);

    QNetworkSession *m_session;
    QLabel *m_label;
};

SessionTab::SessionTab(const QNetworkConfiguration &config, QWidget *parent)
    : QWidget(parent), m_session(new QNetworkSession(config, this)), m_label(new QLabel(this))
{
    (new QVBoxLayout(this))->addWidget(m_label);
    connect(m_session, SIGNAL(stateChanged(QNetworkSession::State)),
            this, SLOT(stateChanged(QNetworkSession::State)));
    connect(m_session, SIGNAL(error(QNetworkSession::SessionError)),
            this, SLOT(sessionError(QNetworkSession::SessionError)));
    connect(m_session, SIGNAL(opened()), this, SLOT(opened()));
    connect(m_session, SIGNAL(closed()), this, SLOT(closed()));
    refresh();
    m_session->open();
}

void SessionTab::refresh()
{
    m_label->setText(QString("%1, %2, on %3")
                     .arg(nameOf(m_session->state()))
                     .arg(m_session->isOpen() ? "open" : "closed")
                     .arg(m_session->interface().isValid() ? m_session->interface().name() : "no interface"));
    QTextStream(stdout) << "  session: " << m_label->text() << "\n";
}

void SessionTab::stateChanged(QNetworkSession::State state)
{
    QTextStream(stdout) << "  session state: " << nameOf(state) << "\n";
    refresh();
}

void SessionTab::sessionError(QNetworkSession::SessionError error)
{
    QTextStream(stdout) << "  session error: " << int(error) << "\n";
}

void SessionTab::opened()
{
    QTextStream(stdout) << "  session opened\n";
    refresh();
}

void SessionTab::closed()
{
    QTextStream(stdout) << "  session closed\n";
}

QString SessionTab::nameOf(QNetworkSession::State state)
{
    switch (state) {
    case QNetworkSession::Invalid: return "Invalid";
    case QNetworkSession::NotAvailable: return "Not available";
    case QNetworkSession::Connecting: return "Connecting";
    case QNetworkSession::Connected: return "Connected";
    case QNetworkSession::Closing: return "Closing";
    case QNetworkSession::Disconnected: return "Disconnected";
    case QNetworkSession::Roaming: return "Roaming";
    }
    return QString();
}

class Monitor : public QTabWidget
{
    Q_OBJECT

public:
    Monitor();

private slots:
    void configurationAdded(const QNetworkConfiguration &config);
    void configurationChanged(const QNetworkConfiguration &config);
    void configurationRemoved(const QNetworkConfiguration &config);

private:
    void add(const QNetworkConfiguration &config, QTreeWidgetItem *parent);
    void print(const QTreeWidgetItem *item, const QString &indent) const;
    QTreeWidgetItem *itemOf(const QNetworkConfiguration &config);
    void fill(QTreeWidgetItem *item, const QNetworkConfiguration &config);
    static QString nameOf(QNetworkConfiguration::StateFlags state);

    QNetworkConfigurationManager m_manager;
    QTreeWidget *m_tree;
};

Monitor::Monitor() : m_tree(new QTreeWidget(this))
{
    m_tree->setColumnCount(3);
    m_tree->setHeaderLabels(QStringList() << tr("Name") << tr("Bearer") << tr("State"));
    addTab(m_tree, tr("Configurations"));
    connect(&m_manager, SIGNAL(configurationAdded(QNetworkConfiguration)),
            this, SLOT(configurationAdded(QNetworkConfiguration)));
    connect(&m_manager, SIGNAL(configurationChanged(QNetworkConfiguration)),
            this, SLOT(configurationChanged(QNetworkConfiguration)));
    connect(&m_manager, SIGNAL(configurationRemoved(QNetworkConfiguration)),
            this, SLOT(configurationRemoved(QNetworkConfiguration)));
    foreach (const QNetworkConfiguration &config, m_manager.allConfigurations())
        add(config, m_tree->invisibleRootItem());
    m_tree->sortItems(0, Qt::AscendingOrder);
    print(m_tree->invisibleRootItem(), QString());
    addTab(new SessionTab(m_manager.defaultConfiguration(), this), m_manager.defaultConfiguration().name());
}

void Monitor::add(const QNetworkConfiguration &config, QTreeWidgetItem *parent)
{
    QTreeWidgetItem *item = new QTreeWidgetItem(parent);
    fill(item, config);
    foreach (const QNetworkConfiguration &child, config.children())
        add(child, item);
}

void Monitor::print(const QTreeWidgetItem *item, const QString &indent) const
{
    for (int i = 0; i < item->childCount(); ++i) {
        const QTreeWidgetItem *child = item->child(i);
        QTextStream(stdout) << indent << child->text(0) << ": " << child->text(2) << "\n";
        print(child, indent + "  ");
    }
}

void Monitor::configurationAdded(const QNetworkConfiguration &config)
{
    add(config, m_tree->invisibleRootItem());
    QTextStream(stdout) << "added " << config.name() << ": " << nameOf(config.state()) << "\n";
}

void Monitor::configurationChanged(const QNetworkConfiguration &config)
{
    QTreeWidgetItem *item = itemOf(config);
    if (!item)
        return;
    fill(item, config);
    if (config.type() != QNetworkConfiguration::ServiceNetwork)
        QTextStream(stdout) << "changed " << item->text(0) << ": " << item->text(2) << "\n";
}

void Monitor::configurationRemoved(const QNetworkConfiguration &config)
{
    QTreeWidgetItem *item = itemOf(config);
    if (!item)
        return;
    QTextStream(stdout) << "removed " << item->text(0) << "\n";
    delete item;
}

QTreeWidgetItem *Monitor::itemOf(const QNetworkConfiguration &config)
{
    for (int i = 0; i < m_tree->topLevelItemCount(); ++i) {
        const QVariant data = m_tree->topLevelItem(i)->data(0, Qt::UserRole);
        if (data.value<QNetworkConfiguration>() == config)
            return m_tree->topLevelItem(i);
    }
    return 0;
}

void Monitor::fill(QTreeWidgetItem *item, const QNetworkConfiguration &config)
{
    item->setText(0, config.name());
    item->setText(1, config.bearerTypeName());
    item->setText(2, nameOf(config.state()));
    item->setData(0, Qt::UserRole, QVariant::fromValue(config));
}

QString Monitor::nameOf(QNetworkConfiguration::StateFlags state)
{
    if (state.testFlag(QNetworkConfiguration::Active))
        return "Active";
    if (state.testFlag(QNetworkConfiguration::Discovered))
        return "Discovered";
    if (state.testFlag(QNetworkConfiguration::Defined))
        return "Defined";
    return "Undefined";
}

int main(int argc, char *argv[])
{
    QApplication app(argc, argv);
    Monitor monitor;
    monitor.show();
    return app.exec();
}

#include "main.moc"
