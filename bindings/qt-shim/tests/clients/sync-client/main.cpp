// A note taking program that sends its changes while there is a network. It
// compares the configuration's state with Active and the session's with
// Connected, as a good many programs do.
#include <QCoreApplication>
#include <QNetworkConfiguration>
#include <QNetworkConfigurationManager>
#include <QNetworkSession>
#include <QPointer>
#include <QTextStream>

class Sync : public QObject
{
    Q_OBJECT

public:
    explicit Sync(QObject *parent = nullptr);

private slots:
    void onConfigurationChanged(const QNetworkConfiguration &config);
    void onStateChanged(QNetworkSession::State state);

private:
    void push();

    QNetworkConfigurationManager m_manager;
    QPointer<QNetworkSession> m_session;
    bool m_wasActive;
    int m_revision;
};

Sync::Sync(QObject *parent)
    : QObject(parent), m_session(new QNetworkSession(m_manager.defaultConfiguration(), this)),
      m_wasActive(m_session->configuration().state() == QNetworkConfiguration::Active), m_revision(0)
{
    QTextStream(stdout) << m_session->configuration().name()
                        << (m_wasActive ? " is active\n" : " is not active\n");
    connect(&m_manager, &QNetworkConfigurationManager::configurationChanged,
            this, &Sync::onConfigurationChanged);
    connect(m_session.data(), &QNetworkSession::stateChanged, this, &Sync::onStateChanged);
    if (m_session->state() == QNetworkSession::Connected)
        push();
}

void Sync::onConfigurationChanged(const QNetworkConfiguration &config)
{
    if (!m_session || config != m_session->configuration())
        return;
    const bool active = config.state() == QNetworkConfiguration::Active;
    if (active == m_wasActive)
        return;
    m_wasActive = active;
    QTextStream(stdout) << config.name() << (active ? " is active again\n" : " is gone\n");
}

void Sync::onStateChanged(QNetworkSession::State state)
{
    if (state == QNetworkSession::Connected)
        push();
    else
        QTextStream(stdout) << "paused\n";
}

void Sync::push()
{
    QTextStream(stdout) << "sent revision " << ++m_revision << "\n";
}

int main(int argc, char *argv[])
{
    QCoreApplication app(argc, argv);
    Sync sync;
    return app.exec();
}

#include "main.moc"
