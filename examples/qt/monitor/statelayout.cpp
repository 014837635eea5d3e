// statelayout.cpp - the positions of the states and transitions of
// docs/session-machine.md that are visible to an application.
#include "statelayout.h"

#include <QCoreApplication>
#include <QFontMetricsF>

using Session = QNetworkSession;

QRectF labelBox(const StateTransition &transition, const QFont &font)
{
    const QFontMetricsF metrics(font);
    QRectF box(0, 0, metrics.horizontalAdvance(transition.label), metrics.height());
    box.moveCenter(transition.labelCentre);
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

static QString label(const char *text)
{
    return QCoreApplication::translate("StateDiagram", text);
}

const QList<StateTransition> &stateTransitions()
{
    static const QList<StateTransition> transitions = {
        {Session::Invalid, Session::Disconnected, {{{36, 48}, {36, 110}}}, label("found"), {36, 68}},
        {Session::Disconnected, Session::Invalid, {{{78, 110}, {78, 48}}}, label("removed"), {78, 90}},
        {Session::Disconnected, Session::NotAvailable, {{{42, 150}, {42, 206}}}, label("out of reach"), {42, 168}},
        {Session::NotAvailable, Session::Disconnected, {{{98, 206}, {98, 150}}}, label("in reach"), {98, 189}},
        {Session::Disconnected, Session::Connecting, {{{128, 116}, {257, 116}}}, label("open()"), {192, 116}},
        {Session::Connecting, Session::Disconnected, {{{257, 134}, {128, 134}}}, label("refused, timed out"), {192, 134}},
        {Session::Connecting, Session::Connected, {{{373, 124}, {502, 124}}}, label("the link is up"), {437, 124}},
        {Session::Connecting, Session::Closing, {{{315, 150}, {315, 206}}}, label("close()"), {315, 178}},
        {Session::Connected, Session::Closing, {{{502, 144}, {373, 216}}}, label("close(), stop()"), {437, 180}},
        {Session::Closing, Session::Disconnected, {{{257, 216}, {128, 146}}}, label("the link is down"), {192, 181}},
        {Session::Connected, Session::Roaming, {{{528, 150}, {528, 206}}}, label("migrate(), lost"), {531, 168}},
        {Session::Roaming, Session::Connected, {{{602, 206}, {602, 150}}}, label("a link is up"), {602, 189}},
        {Session::Roaming, Session::Closing, {{{502, 234}, {373, 234}}}, label("close(), stop()"), {437, 234}},
        {Session::Roaming, Session::NotAvailable, {{{560, 246}, {560, 264}, {70, 264}, {70, 246}}}, label("no link is left"), {315, 264}},
        {Session::Connected, Session::Disconnected, {{{544, 110}, {544, 58}, {108, 58}, {108, 110}}}, label("connection lost, stopped by another"), {315, 58}},
        {Session::Disconnected, Session::Connected, {{{122, 110}, {122, 82}, {522, 82}, {522, 110}}}, label("comes up by itself"), {315, 82}},
    };
    return transitions;
}
