// Sends a picture in the background and is done with the network at once: asks
// nobody which network to use, and deletes its session in the session's own
// signal.
#include <QCoreApplication>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QNetworkRequest>
#include <QTextStream>
#include <QUrl>
#include <QtNetwork/qnetworkconfigmanager.h>
#include <QtNetwork/qnetworksession.h>

class Uploader : public QObject
{
    Q_OBJECT

public:
    Uploader() : m_network(0), m_session(0) {}
    void start();

private slots:
    void onOpened();
    void onUploaded();
    void onClosed();
    void onStateChanged(QNetworkSession::State state);
    void onError(QNetworkSession::SessionError error);

private:
    void drop();

    QNetworkConfigurationManager m_manager;
    QNetworkAccessManager *m_network;
    QNetworkSession *m_session;
};

void Uploader::start()
{
    // The one that was asked for on the command line, or the default one.
    QNetworkConfiguration config = m_manager.defaultConfiguration();
    foreach (const QNetworkConfiguration &candidate, m_manager.allConfigurations()) {
        if (QCoreApplication::arguments().contains(candidate.name()))
            config = candidate;
    }
    m_session = new QNetworkSession(config);
    m_session->setSessionProperty("ConnectInBackground", true);
    connect(m_session, SIGNAL(opened()), SLOT(onOpened()));
    connect(m_session, SIGNAL(closed()), SLOT(onClosed()));
    connect(m_session, SIGNAL(stateChanged(QNetworkSession::State)), SLOT(onStateChanged(QNetworkSession::State)));
    connect(m_session, SIGNAL(error(QNetworkSession::SessionError)), SLOT(onError(QNetworkSession::SessionError)));
    m_session->open();
}

void Uploader::onOpened()
{
    QTextStream(stdout) << "opened\n";
    m_network = new QNetworkAccessManager(this);
    QNetworkRequest request(QUrl("http://127.0.0.1:8000/picture"));
    request.setHeader(QNetworkRequest::ContentTypeHeader, "image/png");
    QNetworkReply *reply = m_network->post(request, QByteArray("a picture"));
    connect(reply, SIGNAL(finished()), SLOT(onUploaded()));
}

void Uploader::onUploaded()
{
    QNetworkReply *reply = qobject_cast<QNetworkReply *>(sender());
    QTextStream(stdout) << "the server says " << reply->readAll() << "\n";
    reply->deleteLater();
    m_session->close();
}

void Uploader::onClosed()
{
    QTextStream(stdout) << "closed\n";
    if (m_session->state() == QNetworkSession::Connected) // others use it: it stays up
        drop();
}

void Uploader::onStateChanged(QNetworkSession::State state)
{
    switch (state) {
    case QNetworkSession::Connecting:
        QTextStream(stdout) << "connecting\n";
        break;
    case QNetworkSession::Closing:
        QTextStream(stdout) << "closing\n";
        break;
    case QNetworkSession::Disconnected:
        QTextStream(stdout) << "disconnected\n";
        drop();
        break;
    default:
        break;
    }
}

void Uploader::onError(QNetworkSession::SessionError error)
{
    QTextStream(stdout) << "error " << int(error) << "\n";
    drop();
}

void Uploader::drop()
{
    disconnect(m_session, 0, this, 0);
    delete m_session; // inside its own signal
    m_session = 0;
    QTextStream(stdout) << "done\n";
    QMetaObject::invokeMethod(qApp, "quit", Qt::QueuedConnection);
}

int main(int argc, char *argv[])
{
    QCoreApplication app(argc, argv);
    Uploader uploader;
    uploader.start();
    return app.exec();
}

#include "main.moc"
