// icons.h - a small picture of a network: what it is made of, how strong its
// signal is, and in the colour of its state.
#ifndef ICONS_H
#define ICONS_H

#include <QIcon>
#include <QNetworkConfiguration>
#include <QPalette>

QIcon iconOf(const QNetworkConfiguration &config, const QPalette &palette);

#endif
