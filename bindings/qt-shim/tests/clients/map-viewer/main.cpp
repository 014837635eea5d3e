// A map: tiles are asked for through QNetworkAccessManager, and wait in a queue
// while its session is not ready.
#include <QCoreApplication>
#include <QHash>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QQueue>
#include <QScopedPointer>
#include <QTextStream>
#include <QtNetwork/QNetworkConfigurationManager>
#include <QtNetwork/QNetworkSession>

class TileLoader : public QObject
{
    Q_OBJECT

public:
    TileLoader();
    void request(int x, int y);

private slots:
    void configurationChanged();
    void next();
    void finished();

private:
    bool isReady() const;

    QNetworkAccessManager m_network;
    QNetworkConfigurationManager m_configurations;
    QScopedPointer<QNetworkSession> m_session;
    QQueue<QString> m_queue;
    QHash<QNetworkReply *, QString> m_running;
};

TileLoader::TileLoader()
{
    connect(&m_configurations, SIGNAL(onlineStateChanged(bool)), SLOT(configurationChanged()));
    configurationChanged();
}

void TileLoader::configurationChanged()
{
    m_session.reset(new QNetworkSession(m_configurations.defaultConfiguration()));
    connect(m_session.data(), SIGNAL(opened()), SLOT(next()));
    m_session->open();
    if (!isReady() && !m_queue.isEmpty())
        QTextStream(stdout) << m_queue.size() << " tiles wait\n";
}

bool TileLoader::isReady() const
{
    return m_session->isOpen() && m_session->state() == QNetworkSession::Connected;
}

void TileLoader::request(int x, int y)
{
    m_queue.enqueue(QString("%1/%2").arg(x).arg(y));
    next();
}

void TileLoader::next()
{
    if (m_queue.isEmpty() || !m_running.isEmpty() || !isReady())
        return;
    const QString tile = m_queue.dequeue();
    QNetworkReply *reply = m_network.get(QNetworkRequest(QUrl("http://127.0.0.1:8000/tile/" + tile)));
    m_running.insert(reply, tile);
    connect(reply, SIGNAL(finished()), SLOT(finished()));
}

void TileLoader::finished()
{
    QNetworkReply *reply = static_cast<QNetworkReply *>(sender());
    QTextStream(stdout) << "tile " << m_running.take(reply) << ": " << reply->readAll().simplified() << "\n";
    reply->deleteLater();
    if (m_queue.isEmpty())
        QTextStream(stdout) << "the map is complete\n";
    next();
}

int main(int argc, char *argv[])
{
    QCoreApplication app(argc, argv);
    TileLoader loader;
    for (int x = 0; x < 3; ++x)
        loader.request(x, 7);
    return app.exec();
}

#include "main.moc"
