// icons.h - the icon of a network: its bearer, the strength of its signal, and its
// state as the colour.
#ifndef ICONS_H
#define ICONS_H

#include <QIcon>
#include <QNetworkConfiguration>
#include <QPalette>

QIcon iconOf(const QNetworkConfiguration &config, const QPalette &palette);

#endif
