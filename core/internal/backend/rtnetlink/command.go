package rtnetlink

import (
	"errors"

	"github.com/netsession/netsession/core/internal/backend"
	"github.com/vishvananda/netlink/nl"
	"golang.org/x/sys/unix"
)

// Start sets the configuration's link up.
func (b *Backend) Start(id string) { b.worker.enqueue(command{backend.OpStart, id}) }

// Stop sets the configuration's link down.
func (b *Backend) Stop(id string) { b.worker.enqueue(command{backend.OpStop, id}) }

// Refresh reads everything again.
func (b *Backend) Refresh() { b.worker.enqueue(command{op: backend.OpRefresh}) }

// execute executes one command, on the worker's goroutine.
func (b *Backend) execute(c command) {
	joined := false
	err := recoverPanic(func() (err error) {
		switch c.op {
		case backend.OpStart:
			joined, err = b.setUp(c)
		case backend.OpStop:
			err = b.setLink(c, 0)
		}
		return err
	})
	b.acks.put(c, joined, err)
}

// setUp sets a link up. It does not set a link that is up already: the link
// belongs to the process that set it up, and the request needs a capability. It asks the
// kernel because the snapshot may lag behind.
func (b *Backend) setUp(c command) (joined bool, err error) {
	known, err := b.findLink(c.id)
	if err != nil {
		return false, err
	}
	flags, err := b.setter.flags(known.index)
	if err == nil && flags&unix.IFF_UP != 0 {
		return true, nil
	}
	return false, b.setLink(c, unix.IFF_UP)
}

func (b *Backend) setLink(c command, flags uint32) error {
	known, err := b.findLink(c.id)
	if err != nil {
		return err
	}
	err = b.setter.do(func(seq uint32) []byte { return setRequest(known.index, flags, seq) })
	return refusal(c, known.name, err)
}

// flags queries the flags of a link.
func (r *requester) flags(index int) (uint32, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	request := r.newRequest(unix.RTM_GETLINK, unix.SizeofIfInfomsg)
	native.PutUint32(request[20:], uint32(index))
	body, err := r.roundTrip(request)
	if err != nil {
		return 0, err
	}
	if len(body) < unix.SizeofIfInfomsg {
		return 0, errTruncated
	}
	return native.Uint32(body[8:]), nil
}

func setRequest(index int, flags, seq uint32) []byte {
	req := nl.NewNetlinkRequest(unix.RTM_SETLINK, unix.NLM_F_ACK)
	msg := nl.NewIfInfomsg(unix.AF_UNSPEC)
	msg.Index, msg.Flags, msg.Change = int32(index), flags, unix.IFF_UP
	req.AddData(msg)
	req.Seq = seq
	return req.Serialize()
}

// missingRight completes a sentence that says what could not be done.
const missingRight = "this process lacks the CAP_NET_ADMIN capability in its network namespace. " +
	"Grant it that capability, or let a network daemon manage the link."

// refusal converts the kernel's error to a text for people.
func refusal(c command, name string, err error) error {
	verb := "up"
	if c.op == backend.OpStop {
		verb = "down"
	}
	switch {
	case err == nil:
		return nil
	case errors.Is(err, unix.EPERM):
		return backend.Refuse(backend.ReasonNotSupported, "%s could not be set %s, because %s", name, verb, missingRight)
	case errors.Is(err, unix.ENODEV):
		return backend.Refuse(backend.ReasonNoConfiguration, "%s could not be set %s, because it does not exist any more.", name, verb)
	case errors.Is(err, unix.ERFKILL):
		return backend.Refuse(backend.ReasonUnknown, "%s could not be set %s, because its radio is switched off. Switch it on (rfkill unblock, or the device's own switch) and try again.", name, verb)
	}
	return backend.Refuse(backend.ReasonUnknown, "%s could not be set %s: the kernel said %q.", name, verb, err.Error())
}

// denied completes a sentence that says why this process may not set links up
// and down; it is empty if the process may. The check asks the kernel to
// change a link that cannot exist: the kernel checks the caller's capability
// first, in the user namespace that counts.
func (b *Backend) denied() string {
	err := b.requester.do(func(seq uint32) []byte { return setRequest(0, 0, seq) })
	if errors.Is(err, unix.EPERM) {
		return missingRight
	}
	return ""
}
