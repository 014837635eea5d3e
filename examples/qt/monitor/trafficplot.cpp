// trafficplot.cpp - the bytes per second on a link during the last minute.
#include "trafficplot.h"

#include "appearance.h"

#include <QPainter>
#include <QPainterPath>
#include <algorithm>
#include <cmath>

enum { Samples = 60 };

TrafficPlot::TrafficPlot(QWidget *parent) : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
}

void TrafficPlot::add(quint64 received, quint64 written)
{
    const bool isComparable = !m_isFresh && received >= m_received && written >= m_written;
    m_samples += isComparable ? Sample{double(received - m_received), double(written - m_written)} : Sample{0, 0};
    if (m_samples.size() > Samples)
        m_samples.removeFirst();
    m_received = received;
    m_written = written;
    m_isFresh = false;
    update();
}

// The smallest round number above all samples.
double TrafficPlot::top() const
{
    double most = 1000;
    for (const Sample &sample : m_samples)
        most = qMax(most, qMax(sample.received, sample.written));
    const double magnitude = std::pow(10, std::floor(std::log10(most)));
    for (double step : {1.0, 2.0, 5.0})
        if (most <= step * magnitude)
            return step * magnitude;
    return 10 * magnitude;
}

void TrafficPlot::drawScale(QPainter &p, const QRectF &area) const
{
    QColor line = faintText(palette());
    line.setAlphaF(0.25f);
    p.setPen(QPen(line, 1));
    for (double part : {0.0, 0.5, 1.0}) {
        const double y = std::round(area.bottom() - part * area.height()) + 0.5;
        p.drawLine(QPointF(area.left(), y), QPointF(area.right(), y));
    }
    p.setPen(faintText(palette()));
    const bool any = std::any_of(m_samples.begin(), m_samples.end(),
                                 [](const Sample &sample) { return sample.received > 0 || sample.written > 0; });
    p.drawText(area.adjusted(4, 2, 0, 0), Qt::AlignLeft | Qt::AlignTop,
               any ? tr("%1/s, last minute").arg(inBytes(top())) : tr("No traffic in the last minute"));
}

void TrafficPlot::drawCurve(QPainter &p, const QRectF &area, double Sample::*value, const QColor &colour) const
{
    const double step = area.width() / (Samples - 1), scale = area.height() / top();
    QPolygonF curve;
    for (int i = 0; i < m_samples.size(); ++i) {
        const double x = area.right() - step * double(m_samples.size() - 1 - i);
        curve += QPointF(x, area.bottom() - scale * m_samples[i].*value);
    }
    if (curve.size() < 2)
        return;
    QPolygonF filled = curve;
    filled << QPointF(area.right(), area.bottom()) << QPointF(curve.first().x(), area.bottom());
    QColor fill = colour;
    fill.setAlphaF(0.15f);
    p.setPen(Qt::NoPen);
    p.setBrush(fill);
    p.drawPolygon(filled);
    p.setPen(QPen(colour, 1.6));
    p.setBrush(Qt::NoBrush);
    p.drawPolyline(curve);
}

void TrafficPlot::paintEvent(QPaintEvent *)
{
    QPainter p(this);
    p.setRenderHint(QPainter::Antialiasing);
    p.fillRect(rect(), palette().color(QPalette::Base));
    const QRectF area = QRectF(rect()).adjusted(6, 6, -6, -6);
    drawScale(p, area);
    drawCurve(p, area, &Sample::received, receivedColour(palette()));
    drawCurve(p, area, &Sample::written, writtenColour(palette()));
}
