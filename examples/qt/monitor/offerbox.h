// offerbox.h - roaming that the user decides about: what is offered, and the
// answers to it.
#ifndef OFFERBOX_H
#define OFFERBOX_H

#include <QFrame>
#include <QNetworkSession>

class QLabel;
class QPushButton;

// While it lives, its session asks before it moves to another access point.
class OfferBox : public QFrame
{
    Q_OBJECT

public:
    explicit OfferBox(QNetworkSession *session, QWidget *parent = nullptr);

    QString text() const;
    // Takes an offer back that is out of reach by now: nothing tells of that.
    void refresh();

private:
    enum Phase {
        Nothing,
        Offered, // to be answered by migrate or ignore
        Moving,  // to what was offered
        Trying   // the new access point; to be answered by accept or reject
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
