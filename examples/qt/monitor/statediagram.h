// statediagram.h - the states of a session as a picture, in which the present one
// is lit, and the way by which it was reached.
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
    void drawWay(QPainter &p, const StateWay &way) const;
    void drawLabel(QPainter &p, const StateWay &way) const;
    void drawNode(QPainter &p, const StateNode &node) const;
    bool isLit(const StateWay &way) const;

    QNetworkSession::State m_state;
    QNetworkSession::State m_previous;
};

#endif
