// statediagram.h - a drawing of a session's states, which highlights the current one
// and the last transition.
#ifndef STATEDIAGRAM_H
#define STATEDIAGRAM_H

#include "statelayout.h"

#include <QWidget>

class StateDiagram : public QWidget
{
    Q_OBJECT

public:
    explicit StateDiagram(QNetworkSession::State state, QWidget *parent = nullptr);

    QNetworkSession::State state() const { return m_state; }
    void setState(QNetworkSession::State state);

    QSize sizeHint() const override { return {SheetWidth, SheetHeight}; }
    QSize minimumSizeHint() const override { return {SheetWidth * 3 / 4, SheetHeight * 3 / 4}; }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    void drawTransition(QPainter &p, const StateTransition &transition) const;
    void drawLabel(QPainter &p, const StateTransition &transition) const;
    void drawNode(QPainter &p, const StateNode &node) const;
    bool isHighlighted(const StateTransition &transition) const;

    QNetworkSession::State m_state;
    QNetworkSession::State m_previous;
};

#endif
