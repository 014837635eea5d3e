// configurationtree.h - all networks: service networks with their access points,
// and access points that belong to no service network.
#ifndef CONFIGURATIONTREE_H
#define CONFIGURATIONTREE_H

#include <QNetworkConfigurationManager>
#include <QTimer>
#include <QTreeWidget>

class ConfigurationTree : public QTreeWidget
{
    Q_OBJECT

public:
    explicit ConfigurationTree(QNetworkConfigurationManager *manager, QWidget *parent = nullptr);

    // The selected network; invalid if there is none.
    QNetworkConfiguration selected() const;

signals:
    // The user has activated this network.
    void chosen(const QNetworkConfiguration &config);

protected:
    void changeEvent(QEvent *event) override;

private:
    void refresh();
    QList<QNetworkConfiguration> topLevel() const;
    void place(QTreeWidgetItem *parent, const QList<QNetworkConfiguration> &configs);
    void fill(QTreeWidgetItem *item, const QNetworkConfiguration &config);

    QNetworkConfigurationManager *const m_manager;
    QTimer m_refreshSoon;     // one refresh for many signals
    QTimer m_refreshRegularly; // changes of the signal strength emit no signal
};

#endif
