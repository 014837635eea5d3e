// Package commands keeps the commands that a backend was given until each is answered.
//
// A backend that asks a daemon to carry a command out hears of the outcome later, if at
// all: the Queue holds the commands in their order, bounds how long each may take, and
// answers each exactly once. What a command has to do next is the backend's own to know.
package commands
