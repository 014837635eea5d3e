// A window whose status bar says when the machine is offline: the smallest and
// the most common use of the manager.
#include <QApplication>
#include <QLabel>
#include <QMainWindow>
#include <QStatusBar>
#include <QTextStream>
#include <QtNetwork/QNetworkConfigurationManager>

class MainWindow : public QMainWindow
{
    Q_OBJECT

public:
    MainWindow();

private slots:
    void onlineStateChanged(bool isOnline);

private:
    QNetworkConfigurationManager *m_manager;
    QLabel *m_indicator;
};

MainWindow::MainWindow()
    : m_manager(new QNetworkConfigurationManager(this)), m_indicator(new QLabel(this))
{
    setCentralWidget(new QLabel(tr("Dear reader, ..."), this));
    statusBar()->addPermanentWidget(m_indicator);
    connect(m_manager, &QNetworkConfigurationManager::onlineStateChanged,
            this, &MainWindow::onlineStateChanged);
    onlineStateChanged(m_manager->isOnline());
}

void MainWindow::onlineStateChanged(bool isOnline)
{
    m_indicator->setText(isOnline ? tr("Online") : tr("Offline"));
    m_indicator->setEnabled(isOnline);
    statusBar()->showMessage(isOnline ? QString() : tr("Changes are sent when you are online again."));
    QTextStream(stdout) << m_indicator->text() << "|" << statusBar()->currentMessage() << "\n";
}

int main(int argc, char *argv[])
{
    QApplication app(argc, argv);
    MainWindow window;
    window.show();
    return app.exec();
}

#include "main.moc"
