package netsession

// LogLevel is the severity of a log line.
type LogLevel uint8

// The log levels, from most to least important.
const (
	LogWarning LogLevel = iota
	LogInfo
	LogDebug
)

// String returns the name of the level, such as "warning".
func (l LogLevel) String() string { return nameOf(logLevelNames[:], l) }

var logLevelNames = [...]string{"warning", "info", "debug"}

// maxEarlyLines bounds the log lines that wait for the first SetLog.
const maxEarlyLines = 16

// logLine is one line of the log.
type logLine struct {
	level LogLevel
	text  string
}

// SetLog sets the function that gets the log lines for developers, beginning with those
// of NewManager; nil drops them. The library calls it on goroutines of its own. It must
// not block, and must not call the manager.
func (m *Manager) SetLog(log func(level LogLevel, text string)) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.log = log
	if log == nil {
		return
	}
	for _, l := range m.early {
		log(l.level, l.text)
	}
	m.early = nil
}
