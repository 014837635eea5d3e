// offerbox.cpp - the buttons for the user's decision about roaming.
#include "offerbox.h"

#include "appearance.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>

OfferBox::OfferBox(QNetworkSession *session, QWidget *parent) : QFrame(parent), m_session(session)
{
    setFrameShape(QFrame::StyledPanel);
    auto *const layout = new QHBoxLayout(this);
    layout->setContentsMargins(10, 6, 6, 6);
    m_label = new QLabel(this);
    m_label->setWordWrap(true);
    layout->addWidget(m_label, 1);
    m_migrate = addButton(tr("Migrate"), tr("Move to the offered network; the current link stays up until you accept"));
    m_ignore = addButton(tr("Ignore"), tr("Stay here; this network is not offered again until it has changed"));
    m_accept = addButton(tr("Accept"), tr("Stay on the new network, and release the previous one"));
    m_reject = addButton(tr("Reject"), tr("Go back to the previous network"));
    listen();
    answer();
    enter(Nothing);
}

QPushButton *OfferBox::addButton(const QString &text, const QString &help)
{
    auto *const button = new QPushButton(text, this);
    button->setObjectName(text.toLower());
    button->setToolTip(help);
    layout()->addWidget(button);
    return button;
}

// The connection to preferredConfigurationChanged makes the session ask before it
// roams.
void OfferBox::listen()
{
    connect(m_session, &QNetworkSession::preferredConfigurationChanged, this, &OfferBox::onOffer);
    connect(m_session, &QNetworkSession::stateChanged, this, &OfferBox::onState);
    connect(m_session, &QNetworkSession::closed, this, [this] { enter(Nothing); });
    connect(m_session, qOverload<QNetworkSession::SessionError>(&QNetworkSession::error), this,
            [this] { enter(Nothing); });
    connect(m_session, &QNetworkSession::newConfigurationActivated, this,
            [this] { enter(Trying, tr("On trial: <b>%1</b>").arg(m_offer.name().toHtmlEscaped())); });
}

void OfferBox::answer()
{
    connect(m_migrate, &QPushButton::clicked, this, [this] {
        enter(Moving, tr("Moving to <b>%1</b> …").arg(m_offer.name().toHtmlEscaped()));
        m_session->migrate();
    });
    connect(m_ignore, &QPushButton::clicked, this, [this] {
        enter(Nothing);
        m_session->ignore();
    });
    connect(m_accept, &QPushButton::clicked, this, [this] {
        enter(Nothing);
        m_session->accept();
    });
    connect(m_reject, &QPushButton::clicked, this, [this] {
        enter(Nothing);
        m_session->reject();
    });
}

QString OfferBox::text() const
{
    return m_label->text();
}

void OfferBox::onOffer(const QNetworkConfiguration &config, bool isSeamless)
{
    m_offer = config;
    const QString name = QStringLiteral("<b>%1</b>").arg(config.name().toHtmlEscaped());
    enter(Offered, isSeamless ? tr("Offered: %1, connections survive").arg(name) : tr("Offered: %1").arg(name));
}

// When a lost link is up again, the offer of another link has no effect.
void OfferBox::onState(QNetworkSession::State state)
{
    if (state == QNetworkSession::Connected && m_phase != Trying)
        enter(Nothing);
}

void OfferBox::refresh()
{
    if (m_phase == Offered && !m_offer.state().testFlag(QNetworkConfiguration::Discovered))
        enter(Nothing);
}

void OfferBox::enter(Phase phase, const QString &text)
{
    m_phase = phase;
    m_label->setText(phase == Nothing ? tr("Roaming: nothing is offered") : text);
    m_label->setEnabled(phase != Nothing);
    m_migrate->setEnabled(phase == Offered);
    m_ignore->setEnabled(phase == Offered);
    m_accept->setEnabled(phase == Trying);
    m_reject->setEnabled(phase == Trying);
}
