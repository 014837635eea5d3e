/* api_names.c - the version, and the names of numbers. */
#include <netsession.h>

#include "rt_fork.h"

#define QUOTE(x) #x
#define WORDS(x) QUOTE(x)

int netsession_version(void)
{
    return NETSESSION_VERSION;
}

const char *netsession_version_string(void)
{
    return WORDS(NETSESSION_VERSION_MAJOR) "." WORDS(NETSESSION_VERSION_MINOR) "." WORDS(
        NETSESSION_VERSION_PATCH);
}

const char *netsession_state_name(netsession_state_t state)
{
    NS_GUARD("");
    switch ((int)state) {
    case NETSESSION_STATE_INVALID:
        return "Invalid";
    case NETSESSION_STATE_NOT_AVAILABLE:
        return "NotAvailable";
    case NETSESSION_STATE_CONNECTING:
        return "Connecting";
    case NETSESSION_STATE_CONNECTED:
        return "Connected";
    case NETSESSION_STATE_CLOSING:
        return "Closing";
    case NETSESSION_STATE_DISCONNECTED:
        return "Disconnected";
    case NETSESSION_STATE_ROAMING:
        return "Roaming";
    }
    return "unknown";
}

const char *netsession_error_name(netsession_error_t error)
{
    NS_GUARD("");
    switch ((int)error) {
    case NETSESSION_ERROR_UNKNOWN:
        return "UnknownSessionError";
    case NETSESSION_ERROR_SESSION_ABORTED:
        return "SessionAbortedError";
    case NETSESSION_ERROR_ROAMING:
        return "RoamingError";
    case NETSESSION_ERROR_OPERATION_NOT_SUPPORTED:
        return "OperationNotSupportedError";
    case NETSESSION_ERROR_INVALID_CONFIGURATION:
        return "InvalidConfigurationError";
    case NETSESSION_ERROR_NONE:
        return "NoError";
    }
    return "unknown";
}

const char *netsession_configuration_type_name(netsession_configuration_type_t type)
{
    NS_GUARD("");
    switch ((int)type) {
    case NETSESSION_CONFIGURATION_TYPE_INTERNET_ACCESS_POINT:
        return "InternetAccessPoint";
    case NETSESSION_CONFIGURATION_TYPE_SERVICE_NETWORK:
        return "ServiceNetwork";
    case NETSESSION_CONFIGURATION_TYPE_USER_CHOICE:
        return "UserChoice";
    case NETSESSION_CONFIGURATION_TYPE_INVALID:
        return "Invalid";
    }
    return "unknown";
}

const char *netsession_configuration_state_name(netsession_configuration_state_t state)
{
    NS_GUARD("");
    switch ((int)state) {
    case NETSESSION_CONFIGURATION_STATE_ANY:
        return "Any";
    case NETSESSION_CONFIGURATION_STATE_UNDEFINED:
        return "Undefined";
    case NETSESSION_CONFIGURATION_STATE_DEFINED:
        return "Defined";
    case NETSESSION_CONFIGURATION_STATE_DISCOVERED:
        return "Discovered";
    case NETSESSION_CONFIGURATION_STATE_ACTIVE:
        return "Active";
    }
    return "unknown";
}
