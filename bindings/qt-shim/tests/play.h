// play.h - networks that are played from a script (docs/script.md), and a log of
// the received signals. Tests wait for lines of the log, with a timeout that is far
// longer than any step takes.
#ifndef PLAY_H
#define PLAY_H

#include <QtCore/QCoreApplication>
#include <QtCore/QElapsedTimer>
#include <QtCore/QMetaEnum>
#include <QtCore/QStringList>
#include <QtCore/QTemporaryFile>
#include <QtCore/QTimer>
#include <QtTest/QtTest>

#include "family.h"

enum { PlayWait = 120000 /* ms */ };

// Plays a script for the managers and sessions that are created during its
// lifetime. They have to be deleted before it.
class Play
{
public:
    explicit Play(const QByteArray &script)
    {
        if (!m_file.open() || m_file.write(script) != script.size() || !m_file.flush())
            qFatal("A script could not be written: %s", qPrintable(m_file.errorString()));
        qputenv("NETSESSION_OPTIONS", "backend=script,script=" + m_file.fileName().toUtf8());
    }
    ~Play() { qunsetenv("NETSESSION_OPTIONS"); }

private:
    QTemporaryFile m_file;
};

// A log of signals, as lines such as "a Connected".
class Log : public QObject
{
public:
    void watch(QNetworkSession *s, const QString &name = QString());
    void watch(QNetworkConfigurationManager *m);

    void add(const QString &line)
    {
        m_lines += line;
        if (m_lines.contains(m_awaited))
            m_loop->quit();
    }

    // All lines since the last clear(), separated by ", ".
    QString received() const { return m_lines.join(QLatin1String(", ")); }
    // The lines that begin with one name, without the name.
    QString received(const QString &name) const
    {
        QStringList own;
        for (const QString &line : m_lines)
            if (line.startsWith(name + QLatin1Char(' ')))
                own += line.mid(name.size() + 1);
        return own.join(QLatin1String(", "));
    }
    void clear() { m_lines.clear(); }

    // Runs an event loop until the log contains the line.
    bool await(const QString &line)
    {
        if (m_lines.contains(line))
            return true;
        QEventLoop loop;
        m_loop = &loop;
        m_awaited = line;
        QTimer::singleShot(PlayWait, &loop, [&] { loop.exit(1); });
        const int late = loop.exec();
        m_awaited.clear();
        m_loop = nullptr;
        if (late)
            qWarning() << "timeout: no line" << line << "in" << m_lines;
        return !late;
    }

private:
    QStringList m_lines;
    QString m_awaited;
    QEventLoop *m_loop = nullptr;
};

template <typename T> QString nameOf(T value)
{
    return QLatin1String(QMetaEnum::fromType<T>().valueToKey(int(value)));
}

inline void Log::watch(QNetworkSession *s, const QString &name)
{
    const QString to = name.isEmpty() ? name : name + QLatin1Char(' ');
    connect(s, &QNetworkSession::opened, this, [=] { add(to + "opened"); });
    connect(s, &QNetworkSession::closed, this, [=] { add(to + "closed"); });
    connect(s, &QNetworkSession::stateChanged, this,
            [=](QNetworkSession::State state) { add(to + nameOf(state)); });
    connect(s, static_cast<void (QNetworkSession::*)(QNetworkSession::SessionError)>(&QNetworkSession::error),
            this, [=](QNetworkSession::SessionError error) { add(to + nameOf(error)); });
    connect(s, &QNetworkSession::newConfigurationActivated, this,
            [=] { add(to + "newConfigurationActivated"); });
    connect(s, &QNetworkSession::usagePoliciesChanged, this,
            [=](QNetworkSession::UsagePolicies policies) {
                add(to + "policies " + QString::number(int(policies)));
            });
}

inline void Log::watch(QNetworkConfigurationManager *m)
{
    using Manager = QNetworkConfigurationManager;
    connect(m, &Manager::configurationAdded, this,
            [=](const QNetworkConfiguration &c) { add("added " + c.identifier()); });
    connect(m, &Manager::configurationChanged, this,
            [=](const QNetworkConfiguration &c) { add("changed " + c.identifier()); });
    connect(m, &Manager::configurationRemoved, this,
            [=](const QNetworkConfiguration &c) { add("removed " + c.identifier()); });
    connect(m, &Manager::onlineStateChanged, this,
            [=](bool isOnline) { add(isOnline ? "online" : "offline"); });
    connect(m, &Manager::updateCompleted, this, [=] { add("updated"); });
}

// Plays the next step that begins with "on refresh". The signals of its immediate
// changes have been received when the function returns.
inline bool playStep(QNetworkConfigurationManager *m)
{
    QEventLoop loop;
    QObject::connect(m, &QNetworkConfigurationManager::updateCompleted, &loop, &QEventLoop::quit);
    QTimer::singleShot(PlayWait, &loop, [&] { loop.exit(1); });
    m->updateConfigurations();
    return loop.exec() == 0;
}

#endif
