// appearance.h - the names and colours of states and errors.
#ifndef APPEARANCE_H
#define APPEARANCE_H

#include <QColor>
#include <QNetworkConfiguration>
#include <QNetworkSession>
#include <QPalette>
#include <QString>

// The colour of a state, readable on the base colour of the palette.
QColor colourOf(QNetworkConfiguration::StateFlags state, const QPalette &palette);
QColor colourOf(QNetworkSession::State state, const QPalette &palette);
QColor receivedColour(const QPalette &palette);
QColor writtenColour(const QPalette &palette);

// The colour of secondary text.
QColor faintText(const QPalette &palette);

bool isDark(const QPalette &palette);

// The name of an enumerator, such as "Connected".
QString nameOf(QNetworkConfiguration::StateFlags state);
QString nameOf(QNetworkSession::State state);
QString nameOf(QNetworkSession::SessionError error);

// An amount of data, such as "1.2 MB".
QString inBytes(double count);

#endif
