// appearance.h - states and errors in words and colours.
#ifndef APPEARANCE_H
#define APPEARANCE_H

#include <QColor>
#include <QNetworkConfiguration>
#include <QNetworkSession>
#include <QPalette>
#include <QString>

// The colour that stands for a state, chosen to be seen on the palette's base.
QColor colourOf(QNetworkConfiguration::StateFlags state, const QPalette &palette);
QColor colourOf(QNetworkSession::State state, const QPalette &palette);
QColor receivedColour(const QPalette &palette);
QColor writtenColour(const QPalette &palette);

// Text that stands behind other text, or tells that there is nothing.
QColor faintText(const QPalette &palette);

bool isDark(const QPalette &palette);

// The name of an enumerator, such as "Connected".
QString nameOf(QNetworkConfiguration::StateFlags state);
QString nameOf(QNetworkSession::State state);
QString nameOf(QNetworkSession::SessionError error);

// An amount of data, such as "1.2 MB".
QString inBytes(double count);

#endif
