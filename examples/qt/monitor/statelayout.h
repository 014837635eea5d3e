// statelayout.h - where the states of a session and the ways between them are
// drawn, on a sheet of SheetWidth by SheetHeight.
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

struct StateWay {
    QNetworkSession::State from, to;
    QPolygonF points; // the last one is the arrow's head
    QString label;    // what leads there
    QPointF middle;   // of the label
};

// What the label takes up, in a font of LabelPixels.
QRectF labelBox(const StateWay &way, const QFont &font);

const QList<StateNode> &stateNodes();
const QList<StateWay> &stateWays();

#endif
