package networkmanager

import (
	"github.com/godbus/dbus/v5"
	"github.com/netsession/netsession/core/internal/backend"
	"github.com/netsession/netsession/core/internal/backend/commands"
)

// command is a start, stop or refresh, and its progress.
type command struct {
	commands.Command
	name string // of the network, for people
	// obstacle is what prevented opening the network when the command arrived; empty if
	// nothing was known.
	obstacle string

	pendingCalls int               // calls that have not been answered
	actives      []dbus.ObjectPath // the active connections on which the outcome depends
	// scans are the times of the last scan when this refresh began, by device.
	scans map[dbus.ObjectPath]int64
	// synced: the state includes everything that other processes started before this start.
	synced bool
	joined bool // another process started the network that this start waited for
	// supersededBy is the stop that aborted this start while its call was under way;
	// nil otherwise.
	supersededBy *command
}

func newCommand(op backend.Op, id string) *command {
	return &command{Command: commands.Command{Op: op, ID: id}}
}
