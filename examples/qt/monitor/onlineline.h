// onlineline.h - one line about the whole machine: whether it is online, how far
// traffic gets, and by which network.
#ifndef ONLINELINE_H
#define ONLINELINE_H

#include <QNetworkConfigurationManager>
#include <QWidget>

class OnlineLine : public QWidget
{
    Q_OBJECT

public:
    explicit OnlineLine(QNetworkConfigurationManager *manager, QWidget *parent = nullptr);

    QString text() const;
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QNetworkConfigurationManager *const m_manager;
};

#endif
