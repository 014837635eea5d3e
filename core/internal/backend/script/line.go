package script

import "fmt"

// line is a line of a script that is parsed word by word.
type line struct {
	number int
	words  []word
}

// is consumes the next word if it is the given one.
func (l *line) is(text string) bool {
	if len(l.words) == 0 || l.words[0] != (word{text: text}) {
		return false
	}
	l.words = l.words[1:]
	return true
}

// bare consumes the next word, which must be neither quoted nor assigned.
func (l *line) bare(expected string) (string, error) {
	w, err := l.take(expected)
	if err != nil {
		return "", err
	}
	if w.assigned || w.quoted {
		return "", fmt.Errorf("found %v; expected %s", w, expected)
	}
	return w.text, nil
}

// quoted consumes the next word, which must be a quoted text.
func (l *line) quoted(expected string) (string, error) {
	w, err := l.take(expected)
	if err != nil {
		return "", err
	}
	if w.assigned || !w.quoted {
		return "", fmt.Errorf("found %v; expected %s", w, expected)
	}
	return w.text, nil
}

func (l *line) take(expected string) (word, error) {
	if len(l.words) == 0 {
		return word{}, fmt.Errorf("the line ends too early; expected %s", expected)
	}
	w := l.words[0]
	l.words = l.words[1:]
	return w, nil
}

// done checks that no word is left.
func (l *line) done() error {
	if len(l.words) > 0 {
		return fmt.Errorf("found %v; expected the end of the line", l.words[0])
	}
	return nil
}
