// statelayout.h - the positions of a session's states and of the transitions between
// them, on a sheet of SheetWidth by SheetHeight.
#ifndef STATELAYOUT_H
#define STATELAYOUT_H

#include <QFont>
#include <QList>
#include <QNetworkSession>
#include <QPointF>
#include <QPolygonF>
#include <QRectF>
#include <QString>

enum { SheetWidth = 640, SheetHeight = 276, LabelPixels = 11, NamePixels = 13 };

struct StateNode {
    QNetworkSession::State state;
    QRectF box;
};

struct StateTransition {
    QNetworkSession::State from, to;
    QPolygonF points;    // of the line; the last is the tip of the arrow
    QString label;       // what causes the transition
    QPointF labelCentre;
};

// The rectangle of a label, in a font of LabelPixels.
QRectF labelBox(const StateTransition &transition, const QFont &font);

const QList<StateNode> &stateNodes();
const QList<StateTransition> &stateTransitions();

#endif
