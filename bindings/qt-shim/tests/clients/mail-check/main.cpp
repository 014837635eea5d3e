// Looks for new mail once and ends: opens the network that its argument names, or
// the default one, and waits for it without a loop of its own.
#include <QCoreApplication>
#include <QNetworkAccessManager>
#include <QNetworkConfigurationManager>
#include <QNetworkReply>
#include <QNetworkSession>
#include <QTextStream>

static QNetworkConfiguration choose(QNetworkConfigurationManager &manager, const QString &name)
{
    foreach (const QNetworkConfiguration &config, manager.allConfigurations()) {
        if (config.name() == name)
            return config;
    }
    return name.isEmpty() ? manager.defaultConfiguration() : QNetworkConfiguration();
}

static int check(QNetworkSession &session)
{
    QTextStream out(stdout);
    if (session.state() != QNetworkSession::Connected)
        out << "dialing\n";
    session.open();
    if (!session.waitForOpened()) {
        out << "no network (error " << int(session.error()) << ")\n";
        return 1;
    }
    out << "connected by " << session.interface().humanReadableName() << ", "
        << (session.isOpen() ? "open" : "closed") << "\n";

    QNetworkAccessManager network;
    QNetworkReply *reply = network.get(QNetworkRequest(QUrl("http://127.0.0.1:8000/mail")));
    QEventLoop loop;
    QObject::connect(reply, SIGNAL(finished()), &loop, SLOT(quit()));
    loop.exec();
    out << "mail: " << reply->readAll().trimmed() << "\n";
    delete reply;
    session.close();
    out << "done, " << (session.isOpen() ? "open" : "closed") << "\n";
    return 0;
}

int main(int argc, char *argv[])
{
    QCoreApplication app(argc, argv);
    QNetworkConfigurationManager manager;
    QNetworkSession session(choose(manager, QString::fromLocal8Bit(argc > 1 ? argv[1] : "")));
    return check(session);
}
