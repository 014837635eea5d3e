// A download that must survive the way from the desk to the meeting room: it uses
// whichever network there is, decides itself when to move, and tests the new
// network before it gives the old one up.
#include <QCoreApplication>
#include <QNetworkConfigurationManager>
#include <QNetworkSession>
#include <QTextStream>

class Download : public QObject
{
    Q_OBJECT

public:
    Download();

private slots:
    void preferredConfigurationChanged(const QNetworkConfiguration &config, bool isSeamless);
    void newConfigurationActivated();
    void stateChanged(QNetworkSession::State state);
    void opened();

private:
    QNetworkConfiguration anyNetwork() const;

    QNetworkConfigurationManager m_manager;
    QNetworkSession *m_session;
    int m_moves;
};

Download::Download() : m_session(new QNetworkSession(anyNetwork(), this)), m_moves(0)
{
    connect(m_session, SIGNAL(opened()), SLOT(opened()));
    connect(m_session, SIGNAL(stateChanged(QNetworkSession::State)), SLOT(stateChanged(QNetworkSession::State)));
    connect(m_session, SIGNAL(preferredConfigurationChanged(QNetworkConfiguration,bool)),
            SLOT(preferredConfigurationChanged(QNetworkConfiguration,bool)));
    connect(m_session, SIGNAL(newConfigurationActivated()), SLOT(newConfigurationActivated()));
    m_session->open();
}

QNetworkConfiguration Download::anyNetwork() const
{
    foreach (const QNetworkConfiguration &config, m_manager.allConfigurations()) {
        if (config.type() == QNetworkConfiguration::ServiceNetwork)
            return config;
    }
    return m_manager.defaultConfiguration();
}

void Download::opened()
{
    QTextStream(stdout) << "loading by " << m_session->interface().name() << "\n";
}

void Download::preferredConfigurationChanged(const QNetworkConfiguration &config, bool isSeamless)
{
    QTextStream(stdout) << "offered " << config.name() << (isSeamless ? ", seamless\n" : "\n");
    if (++m_moves == 1) {
        m_session->ignore();
        QTextStream(stdout) << "not now\n";
    } else {
        m_session->migrate();
    }
}

void Download::newConfigurationActivated()
{
    QTextStream(stdout) << "trying " << m_session->interface().name() << "\n";
    m_session->accept();
}

void Download::stateChanged(QNetworkSession::State state)
{
    if (state == QNetworkSession::Roaming)
        QTextStream(stdout) << "moving\n";
    else if (state == QNetworkSession::Connected)
        QTextStream(stdout) << "loading on by " << m_session->interface().name() << "\n";
    else
        QTextStream(stdout) << "interrupted\n";
}

int main(int argc, char *argv[])
{
    QCoreApplication app(argc, argv);
    Download download;
    return app.exec();
}

#include "main.moc"
