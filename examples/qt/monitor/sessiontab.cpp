// sessiontab.cpp - the widgets of one session, and the signals that update them.
#include "sessiontab.h"

#include "appearance.h"
#include "eventlist.h"
#include "offerbox.h"
#include "statediagram.h"
#include "trafficplot.h"

#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

SessionTab::SessionTab(const QNetworkConfiguration &config, QWidget *parent)
    : QWidget(parent), m_session(new QNetworkSession(config, this))
{
    m_diagram = new StateDiagram(m_session->state(), this);
    m_offer = new OfferBox(m_session, this);
    m_events = new EventList(this);
    m_error = new QLabel(this);
    m_error->setObjectName(QStringLiteral("error"));
    m_error->setWordWrap(true);
    m_error->hide();

    auto *const layout = new QVBoxLayout(this);
    layout->setContentsMargins(10, 10, 10, 10);
    layout->addLayout(makeHeader());
    layout->addWidget(m_error);
    layout->addWidget(m_diagram, 5);
    layout->addWidget(m_offer);
    layout->addLayout(makeTraffic(), 2);
    layout->addWidget(m_events, 2);

    listen();
    log();
    connect(&m_clock, &QTimer::timeout, this, &SessionTab::measure);
    m_clock.start(1000);
    measure();
}

QLayout *SessionTab::makeHeader()
{
    auto *const layout = new QHBoxLayout;
    m_title = new QLabel(this);
    layout->addWidget(m_title, 1);
    m_open = addButton(layout, tr("Open"), tr("Use this network, and bring it up if it is down"));
    m_close = addButton(layout, tr("Close"), tr("End the use; a link that a session brought up goes down with its last user"));
    m_stop = addButton(layout, tr("Stop"), tr("Take it down, whoever uses it"));
    connect(m_open, &QPushButton::clicked, m_session, &QNetworkSession::open);
    connect(m_close, &QPushButton::clicked, m_session, &QNetworkSession::close);
    connect(m_stop, &QPushButton::clicked, m_session, &QNetworkSession::stop);
    return layout;
}

QPushButton *SessionTab::addButton(QHBoxLayout *layout, const QString &text, const QString &help)
{
    auto *const button = new QPushButton(text, this);
    button->setObjectName(text.toLower());
    button->setToolTip(help);
    layout->addWidget(button);
    return button;
}

QLayout *SessionTab::makeTraffic()
{
    auto *const layout = new QHBoxLayout;
    m_plot = new TrafficPlot(this);
    m_facts = new QLabel(this);
    m_facts->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    m_facts->setMinimumWidth(190);
    layout->addWidget(m_plot, 1);
    layout->addWidget(m_facts);
    return layout;
}

void SessionTab::listen()
{
    connect(m_session, &QNetworkSession::stateChanged, this, [this](QNetworkSession::State state) {
        m_diagram->setState(state);
        refresh();
    });
    connect(m_session, &QNetworkSession::opened, this, [this] {
        m_error->hide();
        refresh();
    });
    connect(m_session, &QNetworkSession::closed, this, &SessionTab::refresh);
    connect(m_session, &QNetworkSession::newConfigurationActivated, this, &SessionTab::refresh);
    connect(m_session, qOverload<QNetworkSession::SessionError>(&QNetworkSession::error), this, [this] {
        m_error->setText(m_session->errorString());
        m_error->show();
        refresh();
    });
}

// Each signal of the session adds a line to the event list.
void SessionTab::log()
{
    using Session = QNetworkSession;
    connect(m_session, &Session::opened, m_events, [this] { m_events->add(QStringLiteral("opened")); });
    connect(m_session, &Session::closed, m_events, [this] { m_events->add(QStringLiteral("closed")); });
    connect(m_session, &Session::stateChanged, m_events, [this](Session::State state) {
        m_events->add(QStringLiteral("stateChanged: %1").arg(nameOf(state)));
    });
    connect(m_session, qOverload<Session::SessionError>(&Session::error), m_events, [this](Session::SessionError error) {
        m_events->add(QStringLiteral("error: %1. %2").arg(nameOf(error), m_session->errorString()), true);
    });
    connect(m_session, &Session::preferredConfigurationChanged, m_events,
            [this](const QNetworkConfiguration &config, bool isSeamless) {
                m_events->add(QStringLiteral("preferredConfigurationChanged: %1%2")
                                  .arg(config.name(), isSeamless ? QStringLiteral(", seamless") : QString()));
            });
    connect(m_session, &Session::newConfigurationActivated, m_events,
            [this] { m_events->add(QStringLiteral("newConfigurationActivated")); });
    connect(m_session, &Session::usagePoliciesChanged, m_events, [this](Session::UsagePolicies policies) {
        m_events->add(policies ? QStringLiteral("usagePoliciesChanged: NoBackgroundTrafficPolicy")
                               : QStringLiteral("usagePoliciesChanged: NoPolicy"));
    });
}

// The name of the access point in use; empty unless the session is open.
QString SessionTab::accessPoint() const
{
    const QString active = m_session->sessionProperty(QStringLiteral("ActiveConfiguration")).toString();
    const QNetworkConfiguration config = configuration();
    for (const QNetworkConfiguration &candidate : config.children() + QList{config})
        if (candidate.identifier() == active)
            return candidate.name();
    return active;
}

QString SessionTab::facts() const
{
    const QStringList rows[] = {
        {tr("received"), inBytes(double(m_session->bytesReceived())), receivedColour(palette()).name()},
        {tr("written"), inBytes(double(m_session->bytesWritten())), writtenColour(palette()).name()},
        {tr("up for"), tr("%1 s").arg(m_session->activeTime()), QString()},
        {tr("by"), accessPoint().toHtmlEscaped(), QString()},
        {tr("background"), m_session->usagePolicies() ? tr("no traffic") : tr("allowed"), QString()},
    };
    QString table = QStringLiteral("<table>");
    for (const QStringList &row : rows)
        table += QStringLiteral("<tr><td style='padding-right:10px; color:%3'>%1</td><td>%2</td></tr>")
                     .arg(row[0], row[1].isEmpty() ? QStringLiteral("–") : row[1],
                          row[2].isEmpty() ? palette().color(QPalette::WindowText).name() : row[2]);
    return table + QStringLiteral("</table>");
}

void SessionTab::refresh()
{
    const QNetworkSession::State state = m_session->state();
    const QString link = m_session->interface().name();
    const QString on = link.isEmpty() ? QString() : tr(" on %1").arg(link.toHtmlEscaped());
    m_title->setText(QStringLiteral("<b>%1</b> &nbsp; <span style='color:%2'>%3</span>%4, %5")
                         .arg(configuration().name().toHtmlEscaped(), colourOf(state, palette()).name(),
                              nameOf(state), on, m_session->isOpen() ? tr("open") : tr("not open")));
    m_error->setStyleSheet(QStringLiteral("color: %1").arg(colourOf(QNetworkSession::Invalid, palette()).name()));
    const bool isOpening = !m_session->isOpen() && state == QNetworkSession::Connecting;
    m_open->setEnabled(!m_session->isOpen());
    m_close->setEnabled(m_session->isOpen() || isOpening);
    m_stop->setEnabled(state == QNetworkSession::Connected || state == QNetworkSession::Connecting
                       || state == QNetworkSession::Roaming);
    m_facts->setText(facts());
}

// The identifiers of the access points whose bytes the session counts.
QStringList SessionTab::measured() const
{
    const QNetworkConfiguration config = configuration();
    QStringList links;
    for (const QNetworkConfiguration &candidate : config.children() + QList{config})
        if (candidate.state() == QNetworkConfiguration::Active)
            links += candidate.identifier();
    return links;
}

void SessionTab::measure()
{
    if (m_measured != measured())
        m_plot->restart();
    m_measured = measured();
    m_plot->add(m_session->bytesReceived(), m_session->bytesWritten());
    m_offer->refresh();
    refresh();
}
