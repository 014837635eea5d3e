package networkmanager

import (
	"fmt"

	"github.com/netsession/netsession/core/internal/backend"
)

// cause is why a network did not come up, or went down again: what happened, with
// NetworkManager's name for it, and what can be done about it.
type cause struct {
	name   string // as in NetworkManager's documentation and log
	text   string // completes "…, because"
	advice string // a sentence, or empty
	class  backend.Reason
}

// sentence returns the cause as the end of a sentence, with the advice after it.
func (c cause) sentence() string {
	s := fmt.Sprintf("%s (NetworkManager: %s).", c.text, c.name)
	if c.advice != "" {
		s += " " + c.advice
	}
	return s
}

const (
	unknown      = backend.ReasonUnknown
	notSupported = backend.ReasonNotSupported
	aborted      = backend.ReasonAborted
	missing      = backend.ReasonNoConfiguration
)

const (
	checkLog      = "NetworkManager's log says more: journalctl -u NetworkManager."
	checkSecrets  = "Store the password in the profile, for example with nmcli or the desktop's network settings."
	checkDHCP     = "See whether there is a DHCP server on that network, or give the profile a fixed address."
	checkSIM      = "Check the SIM card and its PIN."
	notManaged    = "its device is not managed by NetworkManager"
	setManaged    = "nmcli device set lets NetworkManager manage it."
	checkOperator = "Check the APN and the contract with the operator."
)

// reasonUnmanaged is the reason of a device that is not managed any more, for example
// because it was removed.
const reasonUnmanaged = 3

// reasonDevice is the reason of an active connection that ended for the reason of its
// device.
const reasonDevice = 3

// noSecrets is NetworkManager's reason after it has asked for secrets, whether there were
// none or they were not accepted.
const noSecrets = "no-secrets"

// refusedSecrets replaces noSecrets for a profile in which the secrets are stored.
var refusedSecrets = cause{
	noSecrets, "the password that is stored in its profile was not accepted, or is missing there",
	"Check the password in the profile, for example with nmcli or the desktop's network settings.", unknown,
}

// activeCauses are the reasons for which an active connection ended.
var activeCauses = map[uint32]cause{
	2:  {"user-disconnected", "somebody stopped it", "", aborted},
	4:  {"service-stopped", "the VPN service stopped", checkLog, aborted},
	5:  {"ip-config-invalid", "the VPN service sent an address that cannot be used", checkLog, unknown},
	6:  {"connect-timeout", "the other side did not answer in time", "", unknown},
	7:  {"service-start-timeout", "the VPN service did not start in time", checkLog, unknown},
	8:  {"service-start-failed", "the VPN service could not be started", checkLog, unknown},
	9:  {noSecrets, "a password is needed and nobody could be asked for it", checkSecrets, notSupported},
	10: {"login-failed", "the other side did not accept the user name or password", "Check both in the profile.", unknown},
	11: {"connection-removed", "its profile was removed", "", missing},
	12: {"dependency-failed", "another network that it needs did not come up", checkLog, unknown},
	13: {"device-realize-failed", "its device could not be made", checkLog, unknown},
	14: {"device-removed", "its device was removed", "", aborted},
}

// deviceCauses are the reasons for which a device left an attempt.
var deviceCauses = map[uint32]cause{
	reasonUnmanaged: {"unmanaged", "its device was removed, or is not managed by NetworkManager any more", "", aborted},
	4:               {"config-failed", "the device could not be set up", checkLog, unknown},
	5:               {"ip-config-unavailable", "no address could be obtained", checkDHCP, unknown},
	6:               {"ip-config-expired", "its address has expired and was not renewed", checkDHCP, unknown},
	7:               {noSecrets, "a password is needed and nobody could be asked for it", checkSecrets, notSupported},
	8:               {"supplicant-disconnect", "the access point broke off the connection", "Check the password.", unknown},
	9:               {"supplicant-config-failed", "the Wi-Fi or 802.1X settings of the profile are not valid", "", notSupported},
	10:              {"supplicant-failed", "the access point or switch refused the authentication, or wpa_supplicant failed", checkLog, unknown},
	11:              {"supplicant-timeout", "the authentication took too long", "Check the password, and the distance to the access point.", unknown},
	12:              {"ppp-start-failed", "PPP could not be started", checkLog, unknown},
	13:              {"ppp-disconnect", "the PPP connection was broken off", checkOperator, unknown},
	14:              {"ppp-failed", "PPP failed", checkOperator, unknown},
	15:              {"dhcp-start-failed", "the DHCP client could not be started", checkLog, unknown},
	16:              {"dhcp-error", "the DHCP client failed", checkLog, unknown},
	17:              {"dhcp-failed", "the DHCP client failed", checkDHCP, unknown},
	18:              {"shared-start-failed", "the connection could not be shared", checkLog, unknown},
	19:              {"shared-failed", "the connection could not be shared", checkLog, unknown},
	20:              {"autoip-start-failed", "no link-local address could be chosen", checkLog, unknown},
	21:              {"autoip-error", "no link-local address could be chosen", checkLog, unknown},
	22:              {"autoip-failed", "no link-local address could be chosen", checkLog, unknown},
	23:              {"modem-busy", "the line is busy", "", unknown},
	24:              {"modem-no-dial-tone", "there is no dial tone", "", unknown},
	25:              {"modem-no-carrier", "the modem has no carrier", "", unknown},
	26:              {"modem-dial-timeout", "dialling took too long", "", unknown},
	27:              {"modem-dial-failed", "dialling failed", checkOperator, unknown},
	28:              {"modem-init-failed", "the modem could not be initialised", checkLog, unknown},
	29:              {"gsm-apn-failed", "the access point name (APN) was not accepted", checkOperator, unknown},
	30:              {"gsm-registration-not-searching", "the modem is not searching for a network", "", unknown},
	31:              {"gsm-registration-denied", "the operator does not let the modem in", checkOperator, unknown},
	32:              {"gsm-registration-timeout", "no mobile network was found in time", "", unknown},
	33:              {"gsm-registration-failed", "the modem could not register with the mobile network", checkOperator, unknown},
	34:              {"gsm-pin-check-failed", "the PIN could not be checked", checkSIM, unknown},
	35:              {"firmware-missing", "the device lacks its firmware", "Install the firmware package of the device.", notSupported},
	36:              {"removed", "its device was removed", "", aborted},
	37:              {"sleeping", "the system went to sleep, or networking was switched off", "", aborted},
	38:              {"connection-removed", "its profile was removed", "", missing},
	39:              {"user-requested", "somebody stopped it", "", aborted},
	40:              {"carrier", "the cable was pulled", "", aborted},
	43:              {"modem-not-found", "the modem was not found", "", unknown},
	44:              {"bt-failed", "the Bluetooth connection failed", "", unknown},
	45:              {"gsm-sim-not-inserted", "there is no SIM card in the modem", checkSIM, notSupported},
	46:              {"gsm-sim-pin-required", "the SIM card asks for its PIN", checkSIM, notSupported},
	47:              {"gsm-sim-puk-required", "the SIM card asks for its PUK", checkSIM, notSupported},
	48:              {"gsm-sim-wrong", "it is the wrong SIM card", checkSIM, notSupported},
	49:              {"infiniband-mode", "the InfiniBand device does not support the mode", "", notSupported},
	50:              {"dependency-failed", "another network that it needs did not come up", checkLog, unknown},
	51:              {"br2684-failed", "the ADSL bridging failed", checkLog, unknown},
	52:              {"modem-manager-unavailable", "ModemManager does not run", "Start ModemManager.", unknown},
	53:              {"ssid-not-found", "the Wi-Fi network is not in range", "", unknown},
	54:              {"secondary-connection-failed", "the VPN that the profile starts as well did not come up", checkLog, unknown},
	55:              {"dcb-fcoe-failed", "DCB or FCoE could not be set up", checkLog, unknown},
	56:              {"teamd-control-failed", "teamd failed", checkLog, unknown},
	57:              {"modem-failed", "the modem failed or went away", "", unknown},
	59:              {"sim-pin-incorrect", "the PIN of the SIM card is wrong", checkSIM, notSupported},
	60:              {"new-activation", "another network was started on the same device", "", aborted},
	61:              {"parent-changed", "the device under it changed", "", unknown},
	62:              {"parent-managed-changed", "the device under it changed", "", unknown},
	63:              {"ovsdb-failed", "Open vSwitch failed", checkLog, unknown},
	64:              {"ip-address-duplicate", "another machine has the same address", "Choose another address.", unknown},
	65:              {"ip-method-unsupported", "the device does not support the way of getting an address", "", notSupported},
	66:              {"sriov-configuration-failed", "SR-IOV could not be set up", checkLog, unknown},
	67:              {"peer-not-found", "the Wi-Fi peer was not found", "", unknown},
	68:              {"device-handler-failed", "the device's helper failed", checkLog, unknown},
	69:              {"unmanaged-by-default", notManaged + ": devices of its type are not by default", setManaged, aborted},
	70:              {"unmanaged-external-down", notManaged + ": somebody else made it, and it is down or has no address", "", aborted},
	71:              {"unmanaged-link-not-init", notManaged + " yet: udev has not initialised it", "", aborted},
	72:              {"unmanaged-quitting", "NetworkManager ended", "", aborted},
	73:              {"unmanaged-sleeping", "the system went to sleep, or networking was switched off", "", aborted},
	74:              {"unmanaged-user-conf", notManaged + ": NetworkManager.conf says so", "", aborted},
	75:              {"unmanaged-user-explicit", notManaged + " any more: somebody said so", setManaged, aborted},
	76:              {"unmanaged-user-settings", notManaged + ": the settings of a plugin say so", "", aborted},
	77:              {"unmanaged-user-udev", notManaged + ": a rule of udev says so", "", aborted},
	78:              {"networking-off", "networking was switched off", "Switch it on with nmcli networking on.", aborted},
	79:              {"modem-no-operator-code", "the operator could not be recognised, so that its settings cannot be looked up", "Enter the access point name (APN) in the profile.", unknown},
}

// causeOf translates the reasons of an active connection and of its device.
func causeOf(reason, deviceReason uint32) cause {
	c, ok := activeCauses[reason]
	number := reason
	if !ok {
		number = deviceReason
		c, ok = deviceCauses[deviceReason]
	}
	if !ok {
		c = cause{fmt.Sprintf("reason %d", number), "NetworkManager gave no reason that is known here", checkLog, unknown}
	}
	return c
}
