// statelayout.cpp - the states of docs/session-machine.md, as an application sees
// them.
#include "statelayout.h"

#include <QCoreApplication>
#include <QFontMetricsF>

using Session = QNetworkSession;

QRectF labelBox(const StateWay &way, const QFont &font)
{
    const QFontMetricsF metrics(font);
    QRectF box(0, 0, metrics.horizontalAdvance(way.label), metrics.height());
    box.moveCenter(way.middle);
    return box;
}

static StateNode node(Session::State state, double x, double y)
{
    const double width = 116, height = 40;
    return {state, QRectF(x - width / 2, y - height / 2, width, height)};
}

const QList<StateNode> &stateNodes()
{
    static const QList<StateNode> nodes = {
        node(Session::Invalid, 70, 28),       node(Session::Disconnected, 70, 130),
        node(Session::NotAvailable, 70, 226), node(Session::Connecting, 315, 130),
        node(Session::Closing, 315, 226),     node(Session::Connected, 560, 130),
        node(Session::Roaming, 560, 226),
    };
    return nodes;
}

static QString words(const char *text)
{
    return QCoreApplication::translate("StateDiagram", text);
}

const QList<StateWay> &stateWays()
{
    static const QList<StateWay> ways = {
        {Session::Invalid, Session::Disconnected, {{{36, 48}, {36, 110}}}, words("appears"), {36, 68}},
        {Session::Disconnected, Session::Invalid, {{{78, 110}, {78, 48}}}, words("removed"), {78, 90}},
        {Session::Disconnected, Session::NotAvailable, {{{42, 150}, {42, 206}}}, words("out of reach"), {42, 168}},
        {Session::NotAvailable, Session::Disconnected, {{{98, 206}, {98, 150}}}, words("in reach"), {98, 189}},
        {Session::Disconnected, Session::Connecting, {{{128, 116}, {257, 116}}}, words("open()"), {192, 116}},
        {Session::Connecting, Session::Disconnected, {{{257, 134}, {128, 134}}}, words("refused, too long"), {192, 134}},
        {Session::Connecting, Session::Connected, {{{373, 124}, {502, 124}}}, words("the link is up"), {437, 124}},
        {Session::Connecting, Session::Closing, {{{315, 150}, {315, 206}}}, words("close()"), {315, 178}},
        {Session::Connected, Session::Closing, {{{502, 144}, {373, 216}}}, words("close(), stop()"), {437, 180}},
        {Session::Closing, Session::Disconnected, {{{257, 216}, {128, 146}}}, words("the link is down"), {192, 181}},
        {Session::Connected, Session::Roaming, {{{528, 150}, {528, 206}}}, words("migrate(), lost"), {531, 168}},
        {Session::Roaming, Session::Connected, {{{602, 206}, {602, 150}}}, words("a link is up"), {602, 189}},
        {Session::Roaming, Session::Closing, {{{502, 234}, {373, 234}}}, words("close(), stop()"), {437, 234}},
        {Session::Roaming, Session::NotAvailable, {{{560, 246}, {560, 264}, {70, 264}, {70, 246}}}, words("no link is left"), {315, 264}},
        {Session::Connected, Session::Disconnected, {{{544, 110}, {544, 58}, {108, 58}, {108, 110}}}, words("the link is lost, stopped by another"), {315, 58}},
        {Session::Disconnected, Session::Connected, {{{122, 110}, {122, 82}, {522, 82}, {522, 110}}}, words("comes up by itself"), {315, 82}},
    };
    return ways;
}
