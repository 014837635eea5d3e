// qnetworksession.cpp - the calls and getters of a session.
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
    bool isOpen; // __atomic_load_n would generate an extra comparison with 0
    __atomic_load(m_isOpen, &isOpen, __ATOMIC_ACQUIRE);
    return isOpen;
}

QNetworkSession::SessionError QNetworkSession::error() const
{
    if (d->frame && d->frame->error != SignalFrame::Live)
        return SessionError(d->frame->error);
    const int error = d->view->error;
    return error == NETSESSION_ERROR_NONE ? UnknownSessionError : SessionError(error);
}

QString QNetworkSession::errorString() const
{
    if (!d->handle)
        return d->dispatcher->errorString();
    if (d->frame && d->frame->error != SignalFrame::Live)
        return d->frame->errorString;
    return QString::fromUtf8(netsession_error_string(d->handle));
}

QNetworkConfiguration QNetworkSession::configuration() const
{
    return d->configuration;
}

// Compares the names, because a link of the script backend may have the index of
// another link of the kernel.
QNetworkInterface QNetworkSession::interface() const
{
    const int index = netsession_interface_index(d->handle);
    if (index <= 0)
        return QNetworkInterface();
    const QNetworkInterface found = QNetworkInterface::interfaceFromIndex(index);
    const QString name = QString::fromUtf8(netsession_interface(d->handle));
    return found.name() == name ? found : QNetworkInterface();
}

// The library returns a negative error number if there is no session.
static quint64 positiveOrZero(qint64 count)
{
    return count < 0 ? 0 : quint64(count);
}

quint64 QNetworkSession::bytesWritten() const
{
    return positiveOrZero(netsession_bytes_written(d->handle));
}

quint64 QNetworkSession::bytesReceived() const
{
    return positiveOrZero(netsession_bytes_received(d->handle));
}

quint64 QNetworkSession::activeTime() const
{
    return positiveOrZero(netsession_active_time(d->handle));
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
    d->syncAndWakeWaiters();
}

void QNetworkSession::stop()
{
    netsession_stop(d->handle);
    d->syncAndWakeWaiters();
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

static const QMetaMethod &preferredConfigurationSignal()
{
    static const QMetaMethod method =
        QMetaMethod::fromSignal(&QNetworkSession::preferredConfigurationChanged);
    return method;
}

static QEvent::Type disconnectedEvent()
{
    static const int type = QEvent::registerEventType();
    return QEvent::Type(type);
}

void QNetworkSession::connectNotify(const QMetaMethod &signal)
{
    if (signal == preferredConfigurationSignal() && !d->hasApplicationRoaming)
        d->setApplicationRoaming(true);
}

// Qt may hold locks here: isSignalConnected() is called later, by a posted event.
void QNetworkSession::disconnectNotify(const QMetaMethod &signal)
{
    if (d->hasApplicationRoaming && (!signal.isValid() || signal == preferredConfigurationSignal()))
        QCoreApplication::postEvent(this, new QEvent(disconnectedEvent()));
}

bool QNetworkSession::event(QEvent *event)
{
    if (event->type() == QEvent::ThreadChange) {
        d->movedFromThread();
        QCoreApplication::postEvent(this, new QEvent(movedToThreadEvent()));
    } else if (event->type() == movedToThreadEvent()) {
        d->dispatcher->movedToThread();
    } else if (event->type() == disconnectedEvent()) {
        if (d->hasApplicationRoaming && !isSignalConnected(preferredConfigurationSignal()))
            d->setApplicationRoaming(false);
    }
    return QObject::event(event);
}

NETSESSION_QT_END_NAMESPACE

#include "NetSession/moc_qnetworksession.cpp"
