// qnetworkconfiguration_p.h - the handle that the copies of a configuration share.
#ifndef NETSESSION_QNETWORKCONFIGURATION_P_H
#define NETSESSION_QNETWORKCONFIGURATION_P_H

#include <NetSession/qnetworkconfiguration.h>
#include <netsession_private.h>

NETSESSION_QT_BEGIN_NAMESPACE

// The virtual destructor distinguishes this class from Qt 5's class: see metatypes.cpp.
class QNetworkConfigurationPrivate : public QSharedData
{
public:
    explicit QNetworkConfigurationPrivate(netsession_configuration *owned)
        : handle(owned), view(netsession_configuration_view_of(owned))
    {
    }
    virtual ~QNetworkConfigurationPrivate() { netsession_configuration_free(handle); }

    // The value for a handle; fromOwned() takes ownership, fromBorrowed() copies the handle.
    static QNetworkConfiguration fromOwned(netsession_configuration *owned);
    static QNetworkConfiguration fromBorrowed(netsession_configuration *borrowed);
    // The values for the handles of a list; frees the list.
    static QList<QNetworkConfiguration> fromOwnedList(netsession_configuration_list *list);
    // The handle of a value; NULL if its configuration never existed.
    static netsession_configuration *handleOf(const QNetworkConfiguration &value);

    netsession_configuration *const handle;
    const volatile netsession_configuration_view *const view;

private:
    Q_DISABLE_COPY(QNetworkConfigurationPrivate)
};

NETSESSION_QT_END_NAMESPACE

#endif
