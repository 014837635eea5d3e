// A chat client that leaves when the machine goes offline, and comes back to its
// room when it is online again.
#include <QCoreApplication>
#include <QNetworkConfigurationManager>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTextStream>

// The room, in the same program: it greets who comes.
class Room : public QTcpServer
{
    Q_OBJECT

public:
    Room() : m_visitors(0)
    {
        listen(QHostAddress::LocalHost, 4712);
        connect(this, &QTcpServer::newConnection, this, &Room::greet);
    }

private:
    void greet()
    {
        QTcpSocket *visitor = nextPendingConnection();
        connect(visitor, &QTcpSocket::disconnected, visitor, &QObject::deleteLater);
        visitor->write("welcome, visitor " + QByteArray::number(++m_visitors) + "\n");
    }

    int m_visitors;
};

class Chat : public QObject
{
    Q_OBJECT

public:
    Chat();

private slots:
    void onlineStateChanged(bool isOnline);
    void readyRead();
    void disconnected();

private:
    QNetworkConfigurationManager *m_networkManager;
    QTcpSocket m_socket;
};

Chat::Chat() : m_networkManager(new QNetworkConfigurationManager(this))
{
    connect(&m_socket, &QTcpSocket::readyRead, this, &Chat::readyRead);
    connect(&m_socket, &QTcpSocket::disconnected, this, &Chat::disconnected);
    connect(m_networkManager, &QNetworkConfigurationManager::onlineStateChanged,
            this, &Chat::onlineStateChanged);
    onlineStateChanged(m_networkManager->isOnline());
}

void Chat::onlineStateChanged(bool isOnline)
{
    QTextStream(stdout) << (isOnline ? "online" : "offline") << "\n";
    if (isOnline && m_socket.state() == QAbstractSocket::UnconnectedState)
        m_socket.connectToHost(QHostAddress(QHostAddress::LocalHost), 4712);
    else if (!isOnline)
        m_socket.abort();
}

void Chat::readyRead()
{
    while (m_socket.canReadLine())
        QTextStream(stdout) << "room: " << m_socket.readLine().trimmed() << "\n";
}

void Chat::disconnected()
{
    QTextStream(stdout) << "left the room\n";
}

int main(int argc, char *argv[])
{
    QCoreApplication app(argc, argv);
    Room room;
    Chat chat;
    return app.exec();
}

#include "main.moc"
