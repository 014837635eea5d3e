"""The members of Qt 5's classes, as PyQt5 5.15 and PySide2 5.15 have them."""

ENUMERATORS = {
    "QNetworkSession": {
        "State": {
            "Invalid": 0, "NotAvailable": 1, "Connecting": 2, "Connected": 3, "Closing": 4,
            "Disconnected": 5, "Roaming": 6,
        },
        "SessionError": {
            "UnknownSessionError": 0, "SessionAbortedError": 1, "RoamingError": 2,
            "OperationNotSupportedError": 3, "InvalidConfigurationError": 4,
        },
        "UsagePolicy": {"NoPolicy": 0, "NoBackgroundTrafficPolicy": 1},
    },
    "QNetworkConfiguration": {
        "Type": {"InternetAccessPoint": 0, "ServiceNetwork": 1, "UserChoice": 2, "Invalid": 3},
        "StateFlag": {"Undefined": 1, "Defined": 2, "Discovered": 6, "Active": 14},
        "Purpose": {
            "UnknownPurpose": 0, "PublicPurpose": 1, "PrivatePurpose": 2,
            "ServiceSpecificPurpose": 3,
        },
        "BearerType": {
            "BearerUnknown": 0, "BearerEthernet": 1, "BearerWLAN": 2, "Bearer2G": 3,
            "BearerCDMA2000": 4, "BearerWCDMA": 5, "BearerHSPA": 6, "BearerBluetooth": 7,
            "BearerWiMAX": 8, "BearerEVDO": 9, "BearerLTE": 10, "Bearer3G": 11, "Bearer4G": 12,
        },
    },
    "QNetworkConfigurationManager": {
        "Capability": {
            "CanStartAndStopInterfaces": 1, "DirectConnectionRouting": 2,
            "SystemSessionSupport": 4, "ApplicationLevelRoaming": 8, "ForcedRoaming": 16,
            "DataStatistics": 32, "NetworkSessionRequired": 64,
        },
    },
}  # fmt: skip

FLAGS = {
    "QNetworkSession": {"UsagePolicies": "UsagePolicy"},
    "QNetworkConfiguration": {"StateFlags": "StateFlag"},
    "QNetworkConfigurationManager": {"Capabilities": "Capability"},
}

# The names of the arguments, which can be used as keywords.
METHODS = {
    "QNetworkSession": {
        "open": (), "close": (), "stop": (), "migrate": (), "ignore": (), "accept": (),
        "reject": (), "state": (), "error": (), "errorString": (), "isOpen": (),
        "configuration": (), "interface": (), "activeTime": (), "bytesReceived": (),
        "bytesWritten": (), "usagePolicies": (), "sessionProperty": ("key",),
        "setSessionProperty": ("key", "value"), "waitForOpened": ("msecs",),
        "connectNotify": ("signal",), "disconnectNotify": ("signal",),
    },
    "QNetworkConfiguration": {
        "isValid": (), "identifier": (), "name": (), "type": (), "state": (), "purpose": (),
        "bearerType": (), "bearerTypeFamily": (), "bearerTypeName": (), "children": (),
        "isRoamingAvailable": (), "connectTimeout": (), "setConnectTimeout": ("timeout",),
        "swap": ("other",),
    },
    "QNetworkConfigurationManager": {
        "allConfigurations": ("flags",), "capabilities": (), "defaultConfiguration": (),
        "configurationFromIdentifier": ("identifier",), "isOnline": (),
        "updateConfigurations": (),
    },
}  # fmt: skip

SIGNALS = {
    "QNetworkSession": {
        "opened": 0, "closed": 0, "stateChanged": 1, "error": 1, "newConfigurationActivated": 0,
        "preferredConfigurationChanged": 2, "usagePoliciesChanged": 1,
    },
    "QNetworkConfigurationManager": {
        "configurationAdded": 1, "configurationChanged": 1, "configurationRemoved": 1,
        "onlineStateChanged": 1, "updateCompleted": 0,
    },
}  # fmt: skip

SLOTS = {
    "QNetworkSession": {"open", "close", "stop", "migrate", "ignore", "accept", "reject"},
    "QNetworkConfigurationManager": {"updateConfigurations"},
}
