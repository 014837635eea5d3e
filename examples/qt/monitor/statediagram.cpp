// statediagram.cpp - draws the layout as large as the widget allows.
#include "statediagram.h"

#include "appearance.h"

#include <QLineF>
#include <QPainter>
#include <QPainterPath>

StateDiagram::StateDiagram(QNetworkSession::State state, QWidget *parent)
    : QWidget(parent), m_state(state), m_previous(state)
{
    QSizePolicy policy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    setSizePolicy(policy);
    setAccessibleName(nameOf(state));
}

void StateDiagram::setState(QNetworkSession::State state)
{
    if (state == m_state)
        return;
    m_previous = m_state;
    m_state = state;
    setAccessibleName(nameOf(state));
    update();
}

bool StateDiagram::isHighlighted(const StateTransition &transition) const
{
    return transition.from == m_previous && transition.to == m_state && m_previous != m_state;
}

static QFont fontOf(const QWidget *widget, int pixels, bool isBold)
{
    QFont font = widget->font();
    font.setPixelSize(pixels);
    font.setBold(isBold);
    return font;
}

static QPolygonF headOf(const QPolygonF &points)
{
    QLineF back(points.last(), points[points.size() - 2]);
    back.setLength(9);
    const double angle = back.angle();
    QPolygonF head = {points.last()};
    for (double turn : {-22.0, 22.0}) {
        back.setAngle(angle + turn);
        head += back.p2();
    }
    return head;
}

void StateDiagram::drawTransition(QPainter &p, const StateTransition &transition) const
{
    const QColor colour = isHighlighted(transition) ? colourOf(m_state, palette()) : faintText(palette());
    p.setPen(QPen(colour, isHighlighted(transition) ? 2.4 : 1.1));
    p.setBrush(Qt::NoBrush);
    p.drawPolyline(transition.points);
    p.setPen(Qt::NoPen);
    p.setBrush(colour);
    p.drawPolygon(headOf(transition.points));
}

void StateDiagram::drawLabel(QPainter &p, const StateTransition &transition) const
{
    const QRectF box = labelBox(transition, p.font());
    p.fillRect(box.adjusted(-3, 0, 3, 0), palette().color(QPalette::Base));
    p.setPen(isHighlighted(transition) ? colourOf(m_state, palette()) : palette().color(QPalette::Text));
    p.drawText(box, Qt::AlignCenter, transition.label);
}

void StateDiagram::drawNode(QPainter &p, const StateNode &node) const
{
    const QColor colour = colourOf(node.state, palette());
    const bool isCurrent = node.state == m_state;
    p.setPen(QPen(colour, 1.5));
    p.setBrush(isCurrent ? colour : palette().color(QPalette::Base));
    p.drawRoundedRect(node.box, 8, 8);
    p.setPen(isCurrent ? palette().color(QPalette::Base) : palette().color(QPalette::Text));
    p.drawText(node.box, Qt::AlignCenter, nameOf(node.state));
}

void StateDiagram::paintEvent(QPaintEvent *)
{
    QPainter p(this);
    p.setRenderHint(QPainter::Antialiasing);
    p.fillRect(rect(), palette().color(QPalette::Base));
    const double scale = qMin(width() / double(SheetWidth), height() / double(SheetHeight));
    p.translate((width() - scale * SheetWidth) / 2, (height() - scale * SheetHeight) / 2);
    p.scale(scale, scale);
    for (const StateTransition &transition : stateTransitions())
        drawTransition(p, transition);
    p.setFont(fontOf(this, LabelPixels, false));
    for (const StateTransition &transition : stateTransitions())
        drawLabel(p, transition);
    p.setFont(fontOf(this, NamePixels, true));
    for (const StateNode &node : stateNodes())
        drawNode(p, node);
}
