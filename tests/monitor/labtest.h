// labtest.h - the monitor beside a real NetworkManager, between the cables of
// tests/lab/playground.
#ifndef LABTEST_H
#define LABTEST_H

#include <QObject>

class LabTest : public QObject
{
    Q_OBJECT

private slots:
    void roamsAmongCables();
};

#endif
