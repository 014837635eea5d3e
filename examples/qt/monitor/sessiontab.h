// sessiontab.h - one session: its state, traffic and signals, and a button for each
// call.
#ifndef SESSIONTAB_H
#define SESSIONTAB_H

#include <QNetworkConfiguration>
#include <QNetworkSession>
#include <QTimer>
#include <QWidget>

class EventList;
class OfferBox;
class QHBoxLayout;
class QLabel;
class QLayout;
class QPushButton;
class StateDiagram;
class TrafficPlot;

class SessionTab : public QWidget
{
    Q_OBJECT

public:
    explicit SessionTab(const QNetworkConfiguration &config, QWidget *parent = nullptr);

    QNetworkConfiguration configuration() const { return m_session->configuration(); }

private:
    QLayout *makeHeader();
    QLayout *makeTraffic();
    QPushButton *addButton(QHBoxLayout *layout, const QString &text, const QString &help);
    void listen();
    void log();
    void refresh();
    void measure();
    QString accessPoint() const;
    QString facts() const;
    QStringList measured() const;

    QNetworkSession *const m_session;
    StateDiagram *m_diagram;
    OfferBox *m_offer;
    TrafficPlot *m_plot;
    EventList *m_events;
    QLabel *m_title, *m_error, *m_facts;
    QPushButton *m_open, *m_close, *m_stop;
    QStringList m_measured; // the access points whose traffic the plot shows
    QTimer m_clock;
};

#endif
