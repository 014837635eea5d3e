// qnetworksession.cpp - the calls and the values of a session.
#include "qnetworksession_p.h"

#include "metatypes.h"
#include "qnetworkconfiguration_p.h"

#include <QtCore/qcoreapplication.h>
#include <QtCore/qcoreevent.h>
#include <QtCore/qmetaobject.h>

NETSESSION_QT_BEGIN_NAMESPACE

QNetworkSession::QNetworkSession(const QNetworkConfiguration &connConfig, QObject *parent)
    : QObject(parent), d(new QNetworkSessionPrivate(this, connConfig))
{
    registerMetaTypes();
}

QNetworkSession::~QNetworkSession()
{
    delete d;
}

QNetworkSession::State QNetworkSession::state() const
{
    return State(__atomic_load_n(m_state, __ATOMIC_ACQUIRE));
}

bool QNetworkSession::isOpen() const
{
    bool isOpen; // __atomic_load_n would compare it with 0 besides
    __atomic_load(m_isOpen, &isOpen, __ATOMIC_ACQUIRE);
    return isOpen;
}

QNetworkSession::SessionError QNetworkSession::error() const
{
    if (d->told && d->told->error != Told::Live)
        return SessionError(d->told->error);
    const int error = d->view->error;
    return error == NETSESSION_ERROR_NONE ? UnknownSessionError : SessionError(error);
}

QString QNetworkSession::errorString() const
{
    if (!d->handle)
        return d->hub->whyNot();
    if (d->told && d->told->error != Told::Live)
        return d->told->text;
    return QString::fromUtf8(netsession_error_string(d->handle));
}

QNetworkConfiguration QNetworkSession::configuration() const
{
    return d->configuration;
}

// The index is the kernel's; the name tells whether the link that has it is the
// session's, which it need not be where a script plays the network.
QNetworkInterface QNetworkSession::interface() const
{
    const int index = netsession_interface_index(d->handle);
    if (index <= 0)
        return QNetworkInterface();
    const QNetworkInterface found = QNetworkInterface::interfaceFromIndex(index);
    const QString name = QString::fromUtf8(netsession_interface(d->handle));
    return found.name() == name ? found : QNetworkInterface();
}

static quint64 countOf(qint64 count)
{
    return count < 0 ? 0 : quint64(count);
}

quint64 QNetworkSession::bytesWritten() const
{
    return countOf(netsession_bytes_written(d->handle));
}

quint64 QNetworkSession::bytesReceived() const
{
    return countOf(netsession_bytes_received(d->handle));
}

quint64 QNetworkSession::activeTime() const
{
    return countOf(netsession_active_time(d->handle));
}

QNetworkSession::UsagePolicies QNetworkSession::usagePolicies() const
{
    return UsagePolicies(QFlag(d->view->usage_policies));
}

void QNetworkSession::open()
{
    d->open();
}

void QNetworkSession::close()
{
    netsession_close(d->handle);
    d->settle();
}

void QNetworkSession::stop()
{
    netsession_stop(d->handle);
    d->settle();
}

void QNetworkSession::migrate()
{
    netsession_migrate(d->handle);
}

void QNetworkSession::ignore()
{
    netsession_ignore(d->handle);
}

void QNetworkSession::accept()
{
    netsession_accept(d->handle);
}

void QNetworkSession::reject()
{
    netsession_reject(d->handle);
}

bool QNetworkSession::waitForOpened(int msecs)
{
    return d->waitForOpened(msecs);
}

static const QMetaMethod &preferredSignal()
{
    static const QMetaMethod method =
        QMetaMethod::fromSignal(&QNetworkSession::preferredConfigurationChanged);
    return method;
}

static QEvent::Type listenerGone()
{
    static const int type = QEvent::registerEventType();
    return QEvent::Type(type);
}

void QNetworkSession::connectNotify(const QMetaMethod &signal)
{
    if (signal == preferredSignal() && !d->asks)
        d->setAsks(true);
}

// Qt may hold locks here, so that it cannot be asked who is left.
void QNetworkSession::disconnectNotify(const QMetaMethod &signal)
{
    if (d->asks && (!signal.isValid() || signal == preferredSignal()))
        QCoreApplication::postEvent(this, new QEvent(listenerGone()));
}

bool QNetworkSession::event(QEvent *event)
{
    if (event->type() == QEvent::ThreadChange) {
        d->depart();
        QCoreApplication::postEvent(this, new QEvent(arrivalEvent()));
    } else if (event->type() == arrivalEvent()) {
        d->hub->arrive();
    } else if (event->type() == listenerGone()) {
        if (d->asks && !isSignalConnected(preferredSignal()))
            d->setAsks(false);
    }
    return QObject::event(event);
}

NETSESSION_QT_END_NAMESPACE
