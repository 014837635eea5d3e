package main

import (
	"errors"
	"testing"
)

func TestErrorsBecomeSentences(t *testing.T) {
	for err, want := range map[string]string{
		"the option close has no value": "The option close has no value.",
		"NETSESSION_OPTIONS has no x":   "NETSESSION_OPTIONS has no x.",
		"net.play:3: found end":         "net.play:3: found end",
		"/net.play:3: found end":        "/net.play:3: found end",
		"":                              "",
	} {
		if got := sentence(errors.New(err)); got != want {
			t.Errorf("%q becomes %q, want %q", err, got, want)
		}
	}
}
