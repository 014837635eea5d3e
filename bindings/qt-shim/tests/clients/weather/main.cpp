// The weather of the next days: gets it once an hour by the default
// configuration, and lets the session close by itself.
#include <QCoreApplication>
#include <QNetworkAccessManager>
#include <QNetworkConfigurationManager>
#include <QNetworkReply>
#include <QNetworkSession>
#include <QTextStream>
#include <QVariant>

class Weather : public QObject
{
    Q_OBJECT

public:
    Weather();

private slots:
    void opened();
    void received(QNetworkReply *reply);
    void closed();

private:
    QNetworkConfigurationManager m_manager;
    QNetworkSession *m_session;
    QNetworkAccessManager *m_network;
};

Weather::Weather()
    : m_session(new QNetworkSession(m_manager.defaultConfiguration(), this)),
      m_network(new QNetworkAccessManager(this))
{
    m_session->setSessionProperty("ConnectInBackground", QVariant(true));
    m_session->setSessionProperty("ActiveConfiguration", QVariant("not for us to say"));
    connect(m_session, SIGNAL(opened()), SLOT(opened()));
    connect(m_session, SIGNAL(closed()), SLOT(closed()));
    connect(m_network, SIGNAL(finished(QNetworkReply*)), SLOT(received(QNetworkReply*)));
    QTextStream(stdout) << "timeout " << m_session->sessionProperty("AutoCloseSessionTimeout").toInt()
                        << ", active '" << m_session->sessionProperty("ActiveConfiguration").toString() << "'\n";
    m_session->open();
}

void Weather::opened()
{
    const QString active = m_session->sessionProperty("ActiveConfiguration").toString();
    QTextStream(stdout) << "opened on " << m_manager.configurationFromIdentifier(active).name() << "\n";
    m_network->get(QNetworkRequest(QUrl("http://127.0.0.1:8000/weather")));
}

void Weather::received(QNetworkReply *reply)
{
    QTextStream(stdout) << "weather: " << reply->readAll().trimmed() << "\n";
    reply->deleteLater();
    m_session->setSessionProperty("AutoCloseSessionTimeout", 200);
}

void Weather::closed()
{
    QTextStream(stdout) << "closed by itself, timeout "
                        << m_session->sessionProperty("AutoCloseSessionTimeout").toInt() << "\n";
}

int main(int argc, char *argv[])
{
    QCoreApplication app(argc, argv);
    Weather weather;
    return app.exec();
}

#include "main.moc"
