// Package commands keeps the commands of a backend until each is answered.
//
// A backend that asks a daemon to carry a command out gets the outcome later, if at all:
// the Queue holds the commands in their order, bounds the time of each, and answers each
// exactly once. The backend itself knows the next step of a command.
package commands
