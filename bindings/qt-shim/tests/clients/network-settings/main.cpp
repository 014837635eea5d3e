// A settings dialog: the user chooses a network, the program keeps its
// identifier, and finds it again at the next start.
#include <QApplication>
#include <QComboBox>
#include <QDialog>
#include <QDialogButtonBox>
#include <QNetworkConfigurationManager>
#include <QPushButton>
#include <QSettings>
#include <QTextStream>
#include <QTimer>
#include <QVBoxLayout>

class SettingsDialog : public QDialog
{
    Q_OBJECT

public:
    SettingsDialog();
    void choose(const QString &name);

public slots:
    void accept();

private slots:
    void updated();

private:
    QNetworkConfigurationManager m_manager;
    QComboBox *m_box;
};

SettingsDialog::SettingsDialog() : m_box(new QComboBox)
{
    QVBoxLayout *layout = new QVBoxLayout(this);
    layout->addWidget(m_box);
    QDialogButtonBox *buttons = new QDialogButtonBox(QDialogButtonBox::Ok);
    layout->addWidget(buttons);
    connect(buttons, SIGNAL(accepted()), SLOT(accept()));
    connect(&m_manager, SIGNAL(updateCompleted()), SLOT(updated()));
    m_manager.updateConfigurations();
}

void SettingsDialog::updated()
{
    disconnect(&m_manager, SIGNAL(updateCompleted()), this, SLOT(updated()));
    m_box->clear();
    foreach (const QNetworkConfiguration &config, m_manager.allConfigurations(QNetworkConfiguration::Defined)) {
        if (config.type() == QNetworkConfiguration::InternetAccessPoint)
            m_box->addItem(config.name(), config.identifier());
    }
    QSettings settings("Examples", "Settings");
    const QString id = settings.value("network").toString();
    const QNetworkConfiguration stored = m_manager.configurationFromIdentifier(id);
    if (stored.isValid()) {
        m_box->setCurrentIndex(m_box->findData(stored.identifier()));
        QTextStream(stdout) << "chosen before: " << m_box->currentText() << ", "
                            << stored.bearerTypeName() << "\n";
    } else {
        QTextStream(stdout) << (id.isEmpty() ? "nothing chosen yet\n" : "the network chosen before is gone\n");
    }
    const QStringList arguments = QCoreApplication::arguments();
    if (arguments.size() > 1)
        choose(arguments.at(1));
}

void SettingsDialog::choose(const QString &name)
{
    m_box->setCurrentIndex(m_box->findText(name));
    findChild<QDialogButtonBox *>()->button(QDialogButtonBox::Ok)->click();
}

void SettingsDialog::accept()
{
    QSettings settings("Examples", "Settings");
    settings.setValue("network", m_box->itemData(m_box->currentIndex()));
    QTextStream(stdout) << "chosen: " << m_box->currentText() << "\n";
    QDialog::accept();
}

int main(int argc, char *argv[])
{
    QApplication app(argc, argv);
    SettingsDialog dialog;
    dialog.show();
    return app.exec();
}

#include "main.moc"
