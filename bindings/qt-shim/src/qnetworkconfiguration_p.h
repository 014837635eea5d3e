// qnetworkconfiguration_p.h - what copies of a configuration share: a handle.
#ifndef NETSESSION_QNETWORKCONFIGURATION_P_H
#define NETSESSION_QNETWORKCONFIGURATION_P_H

#include <NetSession/qnetworkconfiguration.h>
#include <netsession_private.h>

NETSESSION_QT_BEGIN_NAMESPACE

// Its virtual destructor tells it from that of Qt 5: see metatypes.cpp.
class QNetworkConfigurationPrivate : public QSharedData
{
public:
    explicit QNetworkConfigurationPrivate(netsession_configuration *owned)
        : handle(owned), view(netsession_configuration_view_of(owned))
    {
    }
    virtual ~QNetworkConfigurationPrivate() { netsession_configuration_free(handle); }

    // The value for a handle that is taken over, and for one that is borrowed.
    static QNetworkConfiguration take(netsession_configuration *owned);
    static QNetworkConfiguration copy(netsession_configuration *borrowed);
    // Those of a list, which is freed.
    static QList<QNetworkConfiguration> takeAll(netsession_configuration_list *list);
    // The handle of a value; NULL for one that never existed.
    static netsession_configuration *handleOf(const QNetworkConfiguration &value);

    netsession_configuration *const handle;
    const volatile netsession_configuration_view *const view;

private:
    Q_DISABLE_COPY(QNetworkConfigurationPrivate)
};

NETSESSION_QT_END_NAMESPACE

#endif
