// eventlist.cpp - the signals of a session with their times, one per line.
#include "eventlist.h"

#include "appearance.h"

#include <QPainter>
#include <QTime>

enum { MaxLines = 500 };

EventList::EventList(QWidget *parent) : QListWidget(parent)
{
    setFrameShape(QFrame::NoFrame);
    setSelectionMode(QAbstractItemView::NoSelection);
    setFocusPolicy(Qt::NoFocus);
    setWordWrap(true);
}

void EventList::add(const QString &text, bool isError)
{
    auto *const line = new QListWidgetItem(
        QTime::currentTime().toString(QStringLiteral("hh:mm:ss.zzz   ")) + text, this);
    line->setToolTip(text);
    if (isError)
        line->setForeground(colourOf(QNetworkSession::Invalid, palette()));
    if (count() > MaxLines)
        delete takeItem(0);
    scrollToBottom();
}

void EventList::paintEvent(QPaintEvent *event)
{
    QListWidget::paintEvent(event);
    if (count() > 0)
        return;
    QPainter p(viewport());
    p.setPen(faintText(palette()));
    p.drawText(viewport()->rect(), Qt::AlignCenter, tr("Nothing has happened yet."));
}
