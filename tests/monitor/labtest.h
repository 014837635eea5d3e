// labtest.h - the monitor beside a real NetworkManager, with the cables of
// tests/lab/tools/playground.
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
