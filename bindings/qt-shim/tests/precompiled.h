// precompiled.h - what every test includes, compiled once.
#include <QtCore/QtCore>
#include <QtTest/QtTest>
