// A feed reader that goes to offline mode and comes back: fetches while there is
// a network, and shows what it has when there is none.
#include <QCoreApplication>
#include <QTextStream>
#include <QTimer>
#include <QtNetwork>

class FeedReader : public QObject
{
    Q_OBJECT

public:
    FeedReader();

private slots:
    void systemOnlineStateChanged(bool isOnline);
    void fetch();
    void fetched(QNetworkReply *reply);

private:
    QNetworkConfigurationManager m_manager;
    QNetworkAccessManager m_network;
    bool m_offline;
    int m_articles;
};

FeedReader::FeedReader() : m_offline(!m_manager.isOnline()), m_articles(0)
{
    QObject::connect(&m_manager, SIGNAL(onlineStateChanged(bool)), this, SLOT(systemOnlineStateChanged(bool)));
    QObject::connect(&m_network, SIGNAL(finished(QNetworkReply*)), this, SLOT(fetched(QNetworkReply*)));
    if (m_offline)
        QTextStream(stdout) << "starting in offline mode\n";
    QTimer::singleShot(0, this, SLOT(fetch()));
}

void FeedReader::systemOnlineStateChanged(bool isOnline)
{
    m_offline = !isOnline;
    QTextStream(stdout) << (m_offline ? "offline mode" : "back online") << "\n";
    fetch();
}

void FeedReader::fetch()
{
    if (m_offline) {
        QTextStream(stdout) << "showing " << m_articles << " old articles\n";
        return;
    }
    m_network.get(QNetworkRequest(QUrl("http://127.0.0.1:8000/feed")));
}

void FeedReader::fetched(QNetworkReply *reply)
{
    reply->deleteLater();
    if (reply->error() != QNetworkReply::NoError) {
        QTextStream(stdout) << "could not be fetched: " << reply->errorString() << "\n";
        return;
    }
    m_articles += reply->readAll().split('\n').size();
    QTextStream(stdout) << "fetched, " << m_articles << " articles\n";
}

int main(int argc, char *argv[])
{
    QCoreApplication app(argc, argv);
    FeedReader reader;
    return app.exec();
}

#include "main.moc"
