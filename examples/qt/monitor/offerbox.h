// offerbox.h - the user's decision about roaming: shows the offered network and a
// button for each answer.
#ifndef OFFERBOX_H
#define OFFERBOX_H

#include <QFrame>
#include <QNetworkSession>

class QLabel;
class QPushButton;

// While the box exists, its session roams only with the user's consent.
class OfferBox : public QFrame
{
    Q_OBJECT

public:
    explicit OfferBox(QNetworkSession *session, QWidget *parent = nullptr);

    QString text() const;
    // Withdraws the offer if its network is out of range, which no signal reports.
    void refresh();

private:
    enum Phase {
        Nothing,
        Offered, // the answers are migrate and ignore
        Moving,  // to the offered network
        Trying   // the new network; the answers are accept and reject
    };

    QPushButton *addButton(const QString &text, const QString &help);
    void listen();
    void answer();
    void onOffer(const QNetworkConfiguration &config, bool isSeamless);
    void onState(QNetworkSession::State state);
    void enter(Phase phase, const QString &text = QString());

    QNetworkSession *const m_session;
    QNetworkConfiguration m_offer;
    Phase m_phase = Nothing;
    QLabel *m_label;
    QPushButton *m_migrate, *m_ignore, *m_accept, *m_reject;
};

#endif
