package main

import (
	"slices"

	"github.com/netsession/netsession/core/internal/session"
)

// roamingSteps are all ways between the phases of an open session whose application
// decides about roaming.
func roamingSteps() (steps []step) {
	eachStep(func(r *session.Row, p session.Phase, why session.Kind) {
		if !isOpen(p) || to(r, p) == p || why == session.Asked || !whileAsked(r, p, why) {
			return
		}
		target := to(r, p).String()
		if !isOpen(to(r, p)) {
			target = shut
		}
		steps = append(steps, step{p.String(), target, why, emitted(r)})
	})
	return steps
}

// whileAsked reports whether a row can be taken while the application decides: it has
// no contrary condition, and no earlier row without further conditions is taken
// instead.
func whileAsked(r *session.Row, p session.Phase, why session.Kind) bool {
	const decides = "the application decides about roaming"
	if len(without([]string{"not: " + decides}, texts(r))) == 0 {
		return false
	}
	for i := range session.Table {
		earlier := &session.Table[i]
		if earlier == r {
			return true
		}
		if starts(earlier, p) && names(earlier, why) && len(without(texts(earlier), append(texts(r), decides))) == 0 {
			return false
		}
	}
	return true
}

func texts(r *session.Row) (list []string) {
	for _, c := range r.If {
		list = append(list, c.Text)
	}
	return list
}

func names(r *session.Row, why session.Kind) bool {
	return slices.Contains(r.On, why)
}

const (
	shut      = closed
	opened    = "Opened"
	offered   = "Offered"
	migrating = "Migrating"
	trying    = "Trying"
	stranded  = "Stranded"
)

// roamingWords are like stateWords, for the ways between phases.
func roamingWords(s step) string {
	if w := onTheWay[s.from+" "+s.to][s.why]; w != "" {
		return w
	}
	return words[s.why]
}

const (
	itIsUp    = "migrate(), it is up"
	itIsDown  = "migrate(), it is down"
	candidate = "the new link fails"
)

var onTheWay = map[string]map[session.Kind]string{
	opened + " " + offered: {session.Preferred: "a better link"},
	offered + " " + opened: {session.Moved: "the offer is gone", session.Preferred: "the offer is gone"},
	offered + " " + trying: {session.Migrate: itIsUp}, offered + " " + migrating: {session.Migrate: itIsDown},
	stranded + " " + trying: {session.Migrate: itIsUp}, stranded + " " + migrating: {session.Migrate: itIsDown},
	migrating + " " + trying: {session.Moved: "the new link is up"},
	migrating + " " + opened: {
		session.Moved: candidate, session.NotStarted: candidate, session.Aborted: candidate, session.Expired: candidate,
	},
	migrating + " " + stranded: {
		session.Moved: candidate, session.NotStarted: candidate, session.Aborted: candidate, session.Expired: candidate,
	},
	trying + " " + opened: {
		session.Accept: "accept(), and stays", session.Reject: "reject(), and goes back", session.Moved: "the new link is lost",
	},
	stranded + " " + opened: {session.Moved: "the link is back"},
	stranded + " " + shut:   {session.Moved: "the offer is gone", session.Expired: "no answer"},
}

// roamingDiagram is about one session on a service network whose application
// decides about roaming. The ways out of it are in the diagram of states; only
// the ways of an application that does not answer are drawn here.
func roamingDiagram() *diagram {
	p := &diagram{
		title:       "Roaming, where the application decides",
		description: "The phases of an open session, what leads from one to another, and which events the application gets.",
		width:       1220, height: 640,
		nodes: []node{
			{opened, 140, 160, 190, 72, []string{"on the link in use"}, connected, false},
			{offered, 570, 160, 190, 72, []string{"a better link is offered"}, connected, false},
			{trying, 1070, 160, 210, 72, []string{"on the new link, on trial"}, connected, false},
			{migrating, 815, 340, 190, 72, []string{"the new link is started"}, roaming, false},
			{stranded, 570, 530, 190, 100, []string{"the link in use is lost"}, roaming, false},
			{shut, 140, 540, 190, 72, []string{"the session was closed"}, "", true},
		},
		ways: []way{
			{from: opened, to: offered, points: []at{{235, 150}, {473, 150}}, label: at{354, 150}, side: above},
			{from: offered, to: opened, points: []at{{475, 172}, {237, 172}}, label: at{354, 172}, side: below},
			{from: offered, to: trying, points: []at{{665, 160}, {963, 160}}, label: at{814, 160}, side: above},
			{from: trying, to: opened, points: []at{{1070, 124}, {1070, 60}, {140, 60}, {140, 122}}, label: at{605, 60}, side: above},
			{from: offered, to: migrating, points: []at{{630, 196}, {630, 330}, {718, 330}}, label: at{630, 240}, side: right},
			{from: migrating, to: trying, points: []at{{910, 340}, {1010, 340}, {1010, 198}}, label: at{1010, 250}, side: left},
			{from: migrating, to: opened, points: []at{{720, 352}, {180, 352}, {180, 198}}, label: at{375, 352}, side: above},
			{from: offered, to: stranded, points: []at{{570, 196}, {570, 478}}, label: at{570, 270}, side: left},
			{from: opened, to: stranded, points: []at{{100, 196}, {100, 448}, {520, 448}, {520, 478}}, label: at{300, 448}, side: below},
			{from: stranded, to: opened, points: []at{{545, 480}, {545, 420}, {140, 420}, {140, 198}}, label: at{330, 420}, side: above},
			{from: migrating, to: stranded, points: []at{{795, 376}, {795, 500}, {667, 500}}, label: at{795, 420}, side: left},
			{from: stranded, to: migrating, points: []at{{665, 520}, {830, 520}, {830, 378}}, label: at{830, 440}, side: right},
			{from: trying, to: stranded, points: []at{{1090, 196}, {1090, 545}, {667, 545}}, label: at{960, 545}, side: above},
			{from: stranded, to: trying, points: []at{{665, 565}, {1130, 565}, {1130, 198}}, label: at{900, 565}, side: below},
			{from: stranded, to: shut, points: []at{{475, 540}, {237, 540}}, label: at{355, 540}, side: below},
		},
	}
	p.write(roamingSteps(), roamingWords)
	return p
}
