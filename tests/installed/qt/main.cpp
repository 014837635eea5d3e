// What a program of old does that was built against an installed shim.
#include <QCoreApplication>
#include <QTextStream>
#include <QtNetwork>

#if defined(QT_NO_BEARERMANAGEMENT) || !QT_CONFIG(bearermanagement)
#error "The program would do without sessions."
#endif

class Program : public QObject
{
    Q_OBJECT

public:
    Program() : m_session(m_manager.defaultConfiguration())
    {
        connect(&m_session, SIGNAL(opened()), SLOT(onOpened()));
        connect(&m_session, SIGNAL(stateChanged(QNetworkSession::State)),
                SLOT(onStateChanged(QNetworkSession::State)));
        connect(&m_session, SIGNAL(error(QNetworkSession::SessionError)), qApp, SLOT(quit()));
        m_session.open();
    }

private slots:
    void onOpened()
    {
        QTextStream(stdout) << "opened " << m_session.configuration().name() << "\n";
    }

    void onStateChanged(QNetworkSession::State state)
    {
        if (state == QNetworkSession::Connected)
            QCoreApplication::quit();
    }

private:
    QNetworkConfigurationManager m_manager;
    QNetworkSession m_session;
};

int main(int argc, char *argv[])
{
    QCoreApplication app(argc, argv);
    Program program;
    return app.exec();
}

#include "main.moc"
