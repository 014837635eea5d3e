// A fortune server that, like the one which taught a generation of programmers
// QTcpServer, listens only when it has a network: on platforms that ask for a
// session it opens the one that the user chose last time, else the default.
#include <QCoreApplication>
#include <QNetworkConfigurationManager>
#include <QNetworkInterface>
#include <QNetworkSession>
#include <QSettings>
#include <QStringList>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTextStream>

class Server : public QObject
{
    Q_OBJECT

public:
    Server();

private slots:
    void sessionOpened();
    void sendFortune();

private:
    void listen();

    QTcpServer *tcpServer;
    QNetworkSession *networkSession;
};

Server::Server() : tcpServer(0), networkSession(0)
{
    QNetworkConfigurationManager manager;
    if (!(manager.capabilities() & QNetworkConfigurationManager::NetworkSessionRequired))
        QTextStream(stdout) << "no session is required\n";

    QSettings settings("Examples", "FortuneServer");
    const QString id = settings.value("DefaultNetworkConfiguration").toString();
    QNetworkConfiguration config = manager.configurationFromIdentifier(id);
    if ((config.state() & QNetworkConfiguration::Discovered) != QNetworkConfiguration::Discovered)
        config = manager.defaultConfiguration();

    networkSession = new QNetworkSession(config, this);
    connect(networkSession, SIGNAL(opened()), this, SLOT(sessionOpened()));
    QTextStream(stdout) << "opening " << config.name() << "\n";
    networkSession->open();
}

void Server::sessionOpened()
{
    QNetworkConfiguration config = networkSession->configuration();
    QString id;
    if (config.type() == QNetworkConfiguration::UserChoice)
        id = networkSession->sessionProperty("UserChoiceConfiguration").toString();
    else
        id = config.identifier();
    QSettings settings("Examples", "FortuneServer");
    settings.setValue("DefaultNetworkConfiguration", id);
    listen();
}

void Server::listen()
{
    tcpServer = new QTcpServer(this);
    if (!tcpServer->listen(QHostAddress::Any, 4711)) {
        QTextStream(stdout) << "unable to start: " << tcpServer->errorString() << "\n";
        return;
    }
    connect(tcpServer, SIGNAL(newConnection()), this, SLOT(sendFortune()));
    QString address = QHostAddress(QHostAddress::LocalHost).toString();
    foreach (const QNetworkAddressEntry &entry, networkSession->interface().addressEntries()) {
        if (entry.ip().protocol() == QAbstractSocket::IPv4Protocol)
            address = entry.ip().toString();
    }
    QTextStream(stdout) << "serving fortunes on " << address << " port " << tcpServer->serverPort() << "\n";
}

void Server::sendFortune()
{
    QTcpSocket *client = tcpServer->nextPendingConnection();
    connect(client, SIGNAL(disconnected()), client, SLOT(deleteLater()));
    client->write("You will leave the beaten track.\n");
    client->disconnectFromHost();
    QTextStream(stdout) << "a fortune was told\n";
}

int main(int argc, char *argv[])
{
    QCoreApplication app(argc, argv);
    Server server;
    return app.exec();
}

#include "main.moc"
