// icons.cpp - draws each icon on a square of 20 by 20.
#include "icons.h"

#include "appearance.h"

#include <NetSession/extras.h>
#include <QPainter>
#include <QPixmap>

namespace {

// Whether the bar that begins at a strength is lit. All bars are lit if the strength
// is unknown.
bool isLit(int strength, int from)
{
    return strength == 0 || strength >= from;
}

QColor partColour(const QColor &colour, bool lit)
{
    QColor part = colour;
    if (!lit)
        part.setAlphaF(colour.alphaF() * 0.3f);
    return part;
}

void drawCable(QPainter &p, const QColor &colour)
{
    p.setPen(QPen(colour, 1.6, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    p.drawRoundedRect(QRectF(3, 4, 14, 12), 2, 2);
    for (double x : {6.5, 10.0, 13.5})
        p.drawLine(QPointF(x, 4), QPointF(x, 8));
    p.drawLine(QPointF(7, 16), QPointF(7, 13));
    p.drawLine(QPointF(7, 13), QPointF(13, 13));
    p.drawLine(QPointF(13, 13), QPointF(13, 16));
}

void drawWaves(QPainter &p, const QColor &colour, int strength)
{
    const QPointF foot(10, 16);
    p.setPen(Qt::NoPen);
    p.setBrush(colour);
    p.drawEllipse(foot, 1.8, 1.8);
    p.setBrush(Qt::NoBrush);
    for (int wave = 1; wave <= 3; ++wave) {
        const double radius = 1 + 4 * wave;
        p.setPen(QPen(partColour(colour, isLit(strength, 25 * wave - 5)), 1.9, Qt::SolidLine, Qt::RoundCap));
        p.drawArc(QRectF(foot.x() - radius, foot.y() - radius, 2 * radius, 2 * radius), 45 * 16, 90 * 16);
    }
}

void drawBars(QPainter &p, const QColor &colour, int strength)
{
    p.setPen(Qt::NoPen);
    for (int bar = 0; bar < 4; ++bar) {
        const double height = 4 + 4 * bar;
        p.setBrush(partColour(colour, isLit(strength, 1 + 25 * bar)));
        p.drawRoundedRect(QRectF(2 + 4.2 * bar, 18 - height, 3.2, height), 0.8, 0.8);
    }
}

void drawRune(QPainter &p, const QColor &colour)
{
    p.setPen(QPen(colour, 1.6, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    const QPointF rune[] = {{6, 6.5}, {14, 13.5}, {10, 17}, {10, 3}, {14, 6.5}, {6, 13.5}};
    p.drawPolyline(rune, 6);
}

void drawGlobe(QPainter &p, const QColor &colour)
{
    p.setPen(QPen(colour, 1.5));
    p.drawEllipse(QPointF(10, 10), 7.5, 7.5);
    p.drawEllipse(QPointF(10, 10), 3.2, 7.5);
    p.drawLine(QPointF(2.5, 10), QPointF(17.5, 10));
}

void drawLink(QPainter &p, const QColor &colour)
{
    p.setPen(QPen(colour, 1.6));
    p.drawEllipse(QPointF(5.5, 10), 3, 3);
    p.drawEllipse(QPointF(14.5, 10), 3, 3);
    p.drawLine(QPointF(8.5, 10), QPointF(11.5, 10));
}

void draw(QPainter &p, const QNetworkConfiguration &config, const QColor &colour)
{
    if (config.type() == QNetworkConfiguration::ServiceNetwork)
        return drawGlobe(p, colour);
    switch (config.bearerTypeFamily()) {
    case QNetworkConfiguration::BearerEthernet:
        return drawCable(p, colour);
    case QNetworkConfiguration::BearerWLAN:
        return drawWaves(p, colour, NetSession::signalStrength(config));
    case QNetworkConfiguration::Bearer2G:
    case QNetworkConfiguration::Bearer3G:
    case QNetworkConfiguration::Bearer4G:
        return drawBars(p, colour, NetSession::signalStrength(config));
    case QNetworkConfiguration::BearerBluetooth:
        return drawRune(p, colour);
    default:
        return drawLink(p, colour);
    }
}

} // namespace

static QPixmap pictureOf(const QNetworkConfiguration &config, const QColor &colour)
{
    const int scale = 2; // sharp on high-resolution screens, too
    QPixmap picture(20 * scale, 20 * scale);
    picture.setDevicePixelRatio(scale);
    picture.fill(Qt::transparent);
    QPainter painter(&picture);
    painter.setRenderHint(QPainter::Antialiasing);
    draw(painter, config, colour);
    return picture;
}

QIcon iconOf(const QNetworkConfiguration &config, const QPalette &palette)
{
    QIcon icon(pictureOf(config, colourOf(config.state(), palette)));
    icon.addPixmap(pictureOf(config, palette.color(QPalette::HighlightedText)), QIcon::Selected);
    return icon;
}
