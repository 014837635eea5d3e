package script

import "fmt"

// SyntaxError is an error in a script.
type SyntaxError struct {
	File string
	Line int // from 1; 0: the file as a whole
	Text string
}

func (e *SyntaxError) Error() string {
	if e.Line == 0 {
		return fmt.Sprintf("%s: %s", e.File, e.Text)
	}
	return fmt.Sprintf("%s:%d: %s", e.File, e.Line, e.Text)
}

// quote quotes a piece of a script for an error, and truncates it.
func quote(s string) string {
	const most = 40
	for i := range s {
		if i >= most {
			return fmt.Sprintf("%q...", s[:i])
		}
	}
	return fmt.Sprintf("%q", s)
}
