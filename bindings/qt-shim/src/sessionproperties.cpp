// sessionproperties.cpp - the properties of a session: the library stores the keys
// that it knows as strings, the session stores all other values unchanged.
#include "qnetworksession_p.h"

NETSESSION_QT_BEGIN_NAMESPACE

namespace {

const QLatin1String activeConfiguration("ActiveConfiguration");
const QLatin1String userChoiceConfiguration("UserChoiceConfiguration");
const QLatin1String connectInBackground("ConnectInBackground");
const QLatin1String autoCloseSessionTimeout("AutoCloseSessionTimeout");

bool isReadOnly(const QString &key)
{
    return key == activeConfiguration || key == userChoiceConfiguration;
}

// The value as the library's string; null if it is not a valid value.
QByteArray textOf(const QString &key, const QVariant &value)
{
    if (key == connectInBackground)
        return value.toBool() ? "true" : "false";
    bool isNumber = false;
    const int number = value.toInt(&isNumber);
    return isNumber ? QByteArray::number(number) : QByteArray();
}

} // namespace

QVariant QNetworkSession::sessionProperty(const QString &key) const
{
    const QString text = QString::fromUtf8(netsession_property(d->handle, key.toUtf8().constData()));
    if (isReadOnly(key))
        return text;
    if (key == autoCloseSessionTimeout)
        return text.toInt();
    return d->properties.value(key);
}

void QNetworkSession::setSessionProperty(const QString &key, const QVariant &value)
{
    if (isReadOnly(key))
        return;
    if (key == connectInBackground || key == autoCloseSessionTimeout) {
        const QByteArray text = value.isValid() ? textOf(key, value) : QByteArray();
        if (value.isValid() && text.isNull())
            return;
        netsession_set_property(d->handle, key.toUtf8().constData(),
                                value.isValid() ? text.constData() : nullptr);
    }
    if (key == autoCloseSessionTimeout)
        return;
    if (value.isValid())
        d->properties.insert(key, value);
    else
        d->properties.remove(key);
}

NETSESSION_QT_END_NAMESPACE
