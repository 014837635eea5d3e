// onlineline.cpp - reads the values in each paint event, which costs microseconds.
#include "onlineline.h"

#include "appearance.h"

#include <NetSession/extras.h>
#include <QPainter>

static QString reach(const QNetworkConfigurationManager &manager)
{
    switch (NetSession::reachability(manager)) {
    case NetSession::Reachability::Online:
        return OnlineLine::tr("the internet is reachable");
    case NetSession::Reachability::Site:
        return OnlineLine::tr("the local network is reachable");
    case NetSession::Reachability::Local:
        return OnlineLine::tr("hosts on the same link are reachable");
    case NetSession::Reachability::Disconnected:
        return OnlineLine::tr("nothing is reachable");
    case NetSession::Reachability::Unknown:
        break;
    }
    return OnlineLine::tr("the state of the network is unknown");
}

OnlineLine::OnlineLine(QNetworkConfigurationManager *manager, QWidget *parent)
    : QWidget(parent), m_manager(manager)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    const auto repaint = [this] {
        setAccessibleName(text());
        update();
    };
    connect(manager, &QNetworkConfigurationManager::configurationAdded, this, repaint);
    connect(manager, &QNetworkConfigurationManager::configurationChanged, this, repaint);
    connect(manager, &QNetworkConfigurationManager::configurationRemoved, this, repaint);
    connect(manager, &QNetworkConfigurationManager::onlineStateChanged, this, repaint);
    repaint();
}

QString OnlineLine::text() const
{
    QStringList parts = {m_manager->isOnline() ? tr("Online") : tr("Offline"), reach(*m_manager)};
    if (NetSession::isBehindCaptivePortal(*m_manager))
        parts += tr("behind a captive portal");
    const QNetworkConfiguration config = m_manager->defaultConfiguration();
    if (config.state() == QNetworkConfiguration::Active)
        parts += tr("by %1").arg(config.name());
    if (NetSession::isMetered(*m_manager))
        parts += tr("metered");
    return parts.join(QStringLiteral("  ·  "));
}

QSize OnlineLine::sizeHint() const
{
    return {fontMetrics().horizontalAdvance(text()) + 40, fontMetrics().height() + 14};
}

void OnlineLine::paintEvent(QPaintEvent *)
{
    const QNetworkConfiguration::StateFlags state =
        m_manager->isOnline() ? QNetworkConfiguration::Active : QNetworkConfiguration::Defined;
    QPainter p(this);
    p.setRenderHint(QPainter::Antialiasing);
    p.setPen(Qt::NoPen);
    p.setBrush(colourOf(state, palette()));
    p.drawEllipse(QPointF(14, height() / 2.0), 5.5, 5.5);
    p.setPen(palette().color(QPalette::WindowText));
    const QRect line = rect().adjusted(28, 0, -4, 0);
    p.drawText(line, Qt::AlignVCenter, fontMetrics().elidedText(text(), Qt::ElideRight, line.width()));
}
