// What programs do in odd places: a static manager that exists before the
// application, temporaries, and a worker with a manager in a thread of its own.
#include <QCoreApplication>
#include <QMutex>
#include <QNetworkConfigurationManager>
#include <QNetworkSession>
#include <QTextStream>
#include <QThread>

static QNetworkConfigurationManager *globalManager = new QNetworkConfigurationManager;
static const QNetworkConfiguration nowhere;

static bool haveNetwork()
{
    return QNetworkConfigurationManager().isOnline();
}

class Worker : public QThread
{
    Q_OBJECT

signals:
    void found(const QList<QNetworkConfiguration> &active);

protected:
    void run()
    {
        QNetworkConfigurationManager manager;
        emit found(manager.allConfigurations(QNetworkConfiguration::Active));
        QObject::connect(&manager, SIGNAL(onlineStateChanged(bool)), this, SLOT(tell(bool)), Qt::DirectConnection);
        exec();
    }

private slots:
    void tell(bool isOnline)
    {
        QTextStream(stdout) << "worker: " << (isOnline ? "online" : "offline")
                            << (QThread::currentThread() == this ? " in its thread\n" : " elsewhere\n");
        if (isOnline)
            quit();
    }
};

class Program : public QObject
{
    Q_OBJECT

public slots:
    // By now the worker's manager may be gone: its configurations are not.
    void show(const QList<QNetworkConfiguration> &active)
    {
        foreach (const QNetworkConfiguration &config, active) {
            if (config.type() != QNetworkConfiguration::InternetAccessPoint)
                continue;
            QNetworkSession session(config);
            QTextStream(stdout) << "active: " << config.name()
                                << (session.state() == QNetworkSession::Connected ? ", connected\n" : "\n");
        }
    }

    void finish()
    {
        QTextStream(stdout) << "have network: " << haveNetwork() << haveNetwork() << haveNetwork() << "\n";
        QCoreApplication::quit();
    }
};

int main(int argc, char *argv[])
{
    QCoreApplication app(argc, argv);
    qRegisterMetaType<QList<QNetworkConfiguration> >("QList<QNetworkConfiguration>");
    QTextStream(stdout) << "global manager: " << globalManager->isOnline() << "\n"
                        << "nowhere: " << nowhere.isValid() << " '" << nowhere.identifier() << "'\n";
    Worker worker;
    Program program;
    QObject::connect(&worker, SIGNAL(found(QList<QNetworkConfiguration>)),
                     &program, SLOT(show(QList<QNetworkConfiguration>)));
    QObject::connect(&worker, SIGNAL(finished()), &program, SLOT(finish()));
    worker.start();
    const int result = app.exec();
    worker.wait();
    return result;
}

#include "main.moc"
