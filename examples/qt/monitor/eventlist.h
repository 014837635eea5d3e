// eventlist.h - the signals of a session with their times, one per line.
#ifndef EVENTLIST_H
#define EVENTLIST_H

#include <QListWidget>

class EventList : public QListWidget
{
    Q_OBJECT

public:
    explicit EventList(QWidget *parent = nullptr);

    // Adds a line with the current time; errors are coloured.
    void add(const QString &text, bool isError = false);

    QSize sizeHint() const override { return {400, 90}; }
    QSize minimumSizeHint() const override { return {200, 50}; }

protected:
    void paintEvent(QPaintEvent *event) override;
};

#endif
