package script

import "fmt"

// SyntaxError says what is wrong with a script, and what was expected.
type SyntaxError struct {
	File string
	Line int // from 1; 0 where it is about the file as a whole
	Text string
}

func (e *SyntaxError) Error() string {
	if e.Line == 0 {
		return fmt.Sprintf("%s: %s", e.File, e.Text)
	}
	return fmt.Sprintf("%s:%d: %s", e.File, e.Line, e.Text)
}

// quote shows a piece of a script in an error, cut where it is long.
func quote(s string) string {
	const most = 40
	for i := range s {
		if i >= most {
			return fmt.Sprintf("%q...", s[:i])
		}
	}
	return fmt.Sprintf("%q", s)
}
