// Qt 5's own classes and those of NetSession in one process, each used after the
// other was: neither takes the other's values for its own.
#include <NetSession/qnetworkconfigmanager.h>
#include <NetSession/qnetworksession.h>
#include <QCoreApplication>
#include <QTextStream>
#include <QtNetwork>

template <typename Configuration>
static QString copiedName(Configuration config)
{
    const int type = QMetaType::type("QNetworkConfiguration");
    QString name;
    for (int i = 0; i < 1000; ++i) {
        Configuration *copy = static_cast<Configuration *>(QMetaType::create(type, &config));
        config = Configuration();
        config = *copy;
        name = copy->name();
        QMetaType::destroy(type, copy);
    }
    void *last = QMetaType::create(type, &config);
    config = Configuration();
    QMetaType::destroy(type, last);
    return name;
}

int main(int argc, char *argv[])
{
    QCoreApplication app(argc, argv);
    NetSession::QNetworkConfigurationManager ours;
    NetSession::QNetworkSession session(ours.defaultConfiguration());
    QNetworkConfigurationManager own;
    QNetworkAccessManager network;
    own.allConfigurations();

    // As queued connections by name copy them, the last reference included.
    foreach (const QNetworkConfiguration &config, own.allConfigurations()) {
        if (copiedName(config) != config.name())
            return 1;
    }
    if (copiedName(ours.defaultConfiguration()) != "Office cable")
        return 2;
    session.open();
    if (!session.waitForOpened(10000))
        return 3;
    QTextStream(stdout) << "opened " << session.configuration().name() << "\n";
    return 0;
}
