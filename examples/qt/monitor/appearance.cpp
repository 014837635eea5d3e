// appearance.cpp - the names and colours of states and errors.
#include "appearance.h"

#include <QMetaEnum>

bool isDark(const QPalette &palette)
{
    return palette.color(QPalette::Base).lightness() < 128;
}

static QColor onPalette(const QPalette &palette, QRgb light, QRgb dark)
{
    return QColor(isDark(palette) ? dark : light);
}

static QColor good(const QPalette &p) { return onPalette(p, 0x1a7f4b, 0x55c98a); }
static QColor ready(const QPalette &p) { return onPalette(p, 0x2a6bb0, 0x7db4f0); }
static QColor moving(const QPalette &p) { return onPalette(p, 0xb06000, 0xf0ad4e); }
static QColor roaming(const QPalette &p) { return onPalette(p, 0x7a3fb0, 0xc39af0); }
static QColor bad(const QPalette &p) { return onPalette(p, 0xb3261e, 0xff8a80); }

QColor faintText(const QPalette &palette)
{
    const QColor text = palette.color(QPalette::Text), base = palette.color(QPalette::Base);
    const auto mix = [](int a, int b) { return (6 * a + 4 * b) / 10; };
    return QColor(mix(text.red(), base.red()), mix(text.green(), base.green()), mix(text.blue(), base.blue()));
}

QColor colourOf(QNetworkConfiguration::StateFlags state, const QPalette &palette)
{
    if (state == QNetworkConfiguration::Active)
        return good(palette);
    if (state == QNetworkConfiguration::Discovered)
        return ready(palette);
    return faintText(palette);
}

QColor colourOf(QNetworkSession::State state, const QPalette &palette)
{
    switch (state) {
    case QNetworkSession::Connected:
        return good(palette);
    case QNetworkSession::Disconnected:
        return ready(palette);
    case QNetworkSession::Connecting:
    case QNetworkSession::Closing:
        return moving(palette);
    case QNetworkSession::Roaming:
        return roaming(palette);
    case QNetworkSession::Invalid:
        return bad(palette);
    case QNetworkSession::NotAvailable:
        break;
    }
    return faintText(palette);
}

QColor receivedColour(const QPalette &palette)
{
    return ready(palette);
}

QColor writtenColour(const QPalette &palette)
{
    return moving(palette);
}

template <typename Enum> static QString keyOf(Enum value)
{
    return QString::fromLatin1(QMetaEnum::fromType<Enum>().valueToKey(int(value)));
}

QString nameOf(QNetworkConfiguration::StateFlags state)
{
    return QString::fromLatin1(
        QMetaEnum::fromType<QNetworkConfiguration::StateFlags>().valueToKey(int(state)));
}

QString nameOf(QNetworkSession::State state)
{
    return keyOf(state);
}

QString nameOf(QNetworkSession::SessionError error)
{
    return keyOf(error);
}

QString inBytes(double count)
{
    static const char *const units[] = {"B", "kB", "MB", "GB", "TB"};
    int unit = 0;
    for (; count >= 1000 && unit < 4; ++unit)
        count /= 1000;
    const int decimals = unit == 0 || count >= 100 ? 0 : 1;
    return QStringLiteral("%1 %2").arg(count, 0, 'f', decimals).arg(QLatin1String(units[unit]));
}
