package session

import "fmt"

// The errors.
var (
	failOfEvent   = Action{"error(of the event)", func(t *transition) { t.fail(t.ev.Err, t.ev.Text) }}
	failDenied    = failing(NotSupportedError, func(t *transition) string { return t.ev.Text })
	failStopped   = failing(AbortedError, stoppedText)
	failLost      = failing(AbortedError, lostText)
	failGone      = failing(InvalidConfigurationError, func(t *transition) string { return t.m.noConfiguration() })
	failNotReady  = failing(InvalidConfigurationError, notReadyText)
	failNoRoam    = failing(RoamingError, noRoamText)
	failSilence   = failing(RoamingError, silenceText)
	failDeclined  = failing(AbortedError, declinedText)
	failCandidate = failing(RoamingError, candidateText)
)

func failing(err Error, text func(*transition) string) Action {
	return Action{"error(" + err.String() + ")", func(t *transition) { t.fail(err, text(t)) }}
}

func (t *transition) fail(err Error, text string) {
	if text == "" {
		text = fmt.Sprintf("The system refused what was asked of %s, and gave no reason.", t.m.name())
	}
	t.m.Err, t.m.ErrText = err, text
	t.emit(Effect{Kind: EmitError, Err: err, Text: text})
}

func (m *Machine) noConfiguration() string {
	switch {
	case m.Target() == "":
		return "The session has no configuration."
	case m.Why != "":
		return fmt.Sprintf("There is no configuration %s: %s.", m.name(), m.Why)
	default:
		return fmt.Sprintf("There is no configuration %s.", m.name())
	}
}

func notReadyText(t *transition) string {
	if t.m.Link == LinkGone {
		return t.m.noConfiguration()
	}
	if t.m.Scope == OnChoice && t.m.Choice.ID == "" {
		return "There is nothing to choose from: no access point can be opened now."
	}
	if t.m.Roams() {
		return fmt.Sprintf("No access point of %s can be opened now.", t.m.name())
	}
	return fmt.Sprintf("%s cannot be opened now: %s.", t.m.name(), t.m.why("it has no carrier or is out of range"))
}

func stoppedText(t *transition) string {
	return fmt.Sprintf("The session on %s was closed because its network was stopped.", t.m.name())
}

func declinedText(t *transition) string {
	return fmt.Sprintf("The session on %s was not opened: the user chose no network.", t.m.name())
}

func lostText(t *transition) string {
	why := "it was taken down or lost its address"
	if t.m.targetLink() == LinkUnavailable {
		why = "it has no carrier any more or went out of range"
	}
	return fmt.Sprintf("%s lost its link: %s.", t.m.name(), t.m.why(why))
}

// why returns the known reason why the target is not up, or else a likely reason.
func (m *Machine) why(likely string) string {
	if m.Why != "" {
		return m.Why
	}
	return likely
}

func noRoamText(t *transition) string {
	if t.ev.Kind == Reject {
		return fmt.Sprintf("%s cannot return to its previous access point, which was lost meanwhile.", t.m.name())
	}
	return fmt.Sprintf("%s lost its link, and has no other access point to move to.", t.m.name())
}

func silenceText(t *transition) string {
	return fmt.Sprintf("%s lost its link, and the application did not say in time whether to move to another access point.", t.m.name())
}

func candidateText(t *transition) string {
	if t.ev.Text != "" {
		return t.ev.Text
	}
	return fmt.Sprintf("The access point that %s was moving to was lost.", t.m.name())
}
