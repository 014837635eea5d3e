// configurationtree.cpp - fills the tree, and updates it on signals and by a timer.
#include "configurationtree.h"

#include "appearance.h"
#include "icons.h"

#include <QEvent>
#include <QHeaderView>
#include <QSet>

enum Column { NameColumn, BearerColumn, StateColumn };
enum { ConfigurationRole = Qt::UserRole };

static QNetworkConfiguration configurationOf(const QTreeWidgetItem *item)
{
    return item ? item->data(NameColumn, ConfigurationRole).value<QNetworkConfiguration>() : QNetworkConfiguration();
}

ConfigurationTree::ConfigurationTree(QNetworkConfigurationManager *manager, QWidget *parent)
    : QTreeWidget(parent), m_manager(manager)
{
    setHeaderLabels({tr("Network"), tr("Bearer"), tr("State")});
    setIconSize(QSize(20, 20));
    setUniformRowHeights(true);
    setIndentation(16);
    setExpandsOnDoubleClick(false);
    header()->setStretchLastSection(false);
    header()->setSectionResizeMode(NameColumn, QHeaderView::Stretch);
    for (int column : {BearerColumn, StateColumn})
        header()->resizeSection(column, fontMetrics().horizontalAdvance(tr("Discovered")) + 16);

    m_refreshSoon.setSingleShot(true);
    m_refreshSoon.setInterval(0);
    m_refreshRegularly.start(1000);
    const auto later = [this] { m_refreshSoon.start(); };
    connect(manager, &QNetworkConfigurationManager::configurationAdded, this, later);
    connect(manager, &QNetworkConfigurationManager::configurationChanged, this, later);
    connect(manager, &QNetworkConfigurationManager::configurationRemoved, this, later);
    connect(&m_refreshSoon, &QTimer::timeout, this, &ConfigurationTree::refresh);
    connect(&m_refreshRegularly, &QTimer::timeout, this, &ConfigurationTree::refresh);
    connect(this, &QTreeWidget::itemActivated, this,
            [this](QTreeWidgetItem *item) { emit chosen(configurationOf(item)); });
    refresh();
    setCurrentItem(topLevelItem(0));
}

QNetworkConfiguration ConfigurationTree::selected() const
{
    return configurationOf(currentItem());
}

void ConfigurationTree::refresh()
{
    place(invisibleRootItem(), topLevel());
}

QList<QNetworkConfiguration> ConfigurationTree::topLevel() const
{
    const QList<QNetworkConfiguration> all = m_manager->allConfigurations();
    QSet<QString> grouped;
    QList<QNetworkConfiguration> networks;
    for (const QNetworkConfiguration &config : all) {
        if (config.type() != QNetworkConfiguration::ServiceNetwork)
            continue;
        networks += config;
        for (const QNetworkConfiguration &child : config.children())
            grouped += child.identifier();
    }
    for (const QNetworkConfiguration &config : all)
        if (config.type() == QNetworkConfiguration::InternetAccessPoint && !grouped.contains(config.identifier()))
            networks += config;
    return networks;
}

// The items and the configurations are in the same order. If an item's configuration
// is not the next one, then a configuration was added before it, or its configuration
// was removed.
void ConfigurationTree::place(QTreeWidgetItem *parent, const QList<QNetworkConfiguration> &configs)
{
    for (int i = 0; i < configs.size(); ++i) {
        while (parent->childCount() > i && !configs.contains(configurationOf(parent->child(i))))
            delete parent->takeChild(i);
        if (parent->childCount() <= i || configurationOf(parent->child(i)) != configs[i]) {
            parent->insertChild(i, new QTreeWidgetItem);
            parent->child(i)->setExpanded(true);
        }
        fill(parent->child(i), configs[i]);
        place(parent->child(i), configs[i].children());
    }
    while (parent->childCount() > configs.size())
        delete parent->takeChild(configs.size());
}

void ConfigurationTree::fill(QTreeWidgetItem *item, const QNetworkConfiguration &config)
{
    const bool isReady = config.state().testFlag(QNetworkConfiguration::Discovered);
    item->setData(NameColumn, ConfigurationRole, QVariant::fromValue(config));
    item->setText(NameColumn, config.name());
    item->setText(BearerColumn, config.bearerTypeName());
    item->setText(StateColumn, nameOf(config.state()));
    item->setIcon(NameColumn, iconOf(config, palette()));
    item->setToolTip(NameColumn, config.identifier());
    item->setForeground(StateColumn, colourOf(config.state(), palette()));
    for (int column : {NameColumn, BearerColumn})
        item->setForeground(column, isReady ? palette().color(QPalette::Text) : faintText(palette()));
}

void ConfigurationTree::changeEvent(QEvent *event)
{
    QTreeWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        m_refreshSoon.start();
}
