// icons.h - the icon of a network: it shows the bearer and the signal strength, and
// its colour is the state.
#ifndef ICONS_H
#define ICONS_H

#include <QIcon>
#include <QNetworkConfiguration>
#include <QPalette>

QIcon iconOf(const QNetworkConfiguration &config, const QPalette &palette);

#endif
