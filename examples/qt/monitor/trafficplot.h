// trafficplot.h - the bytes per second on a link during the last minute.
#ifndef TRAFFICPLOT_H
#define TRAFFICPLOT_H

#include <QList>
#include <QWidget>

class TrafficPlot : public QWidget
{
    Q_OBJECT

public:
    explicit TrafficPlot(QWidget *parent = nullptr);

    // Adds a sample; call it once per second with the total numbers of bytes.
    void add(quint64 received, quint64 written);
    // The next totals belong to another link; the next sample is 0.
    void restart() { m_isFresh = true; }
    // Bytes per second, in the last second.
    double received() const { return m_samples.isEmpty() ? 0 : m_samples.last().received; }
    double written() const { return m_samples.isEmpty() ? 0 : m_samples.last().written; }

    QSize sizeHint() const override { return {400, 110}; }
    QSize minimumSizeHint() const override { return {200, 70}; }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    struct Sample {
        double received, written;
    };

    double top() const;
    void drawScale(QPainter &p, const QRectF &area) const;
    void drawCurve(QPainter &p, const QRectF &area, double Sample::*value, const QColor &colour) const;

    QList<Sample> m_samples; // oldest first
    quint64 m_received = 0, m_written = 0;
    bool m_isFresh = true;
};

#endif
