package bearer

import (
	"strings"
	"testing"
)

func TestTypeOf(t *testing.T) {
	for id, want := range map[string]struct {
		what     Type
		reserved bool
	}{
		InternetID:           {ServiceNetwork, true},
		UserChoiceID:         {UserChoice, true},
		"netsession:other":   {InternetAccessPoint, true},
		"network:office":     {ServiceNetwork, true},
		"network:":           {ServiceNetwork, true},
		"networks":           {InternetAccessPoint, false},
		"link:network:x":     {InternetAccessPoint, false},
		"nm:1234":            {InternetAccessPoint, false},
		"":                   {InternetAccessPoint, false},
		"NETWORK:office":     {InternetAccessPoint, false},
		" network:office":    {InternetAccessPoint, false},
		"netsession":         {InternetAccessPoint, false},
		"connman:netsession": {InternetAccessPoint, false},
	} {
		if TypeOf(id) != want.what || Reserved(id) != want.reserved {
			t.Errorf("%q: %v, reserved %v", id, TypeOf(id), Reserved(id))
		}
	}
}

func TestCheckDefinition(t *testing.T) {
	one := []string{"link:eth0"}
	for _, c := range []struct {
		d    Definition
		want string // in the error; empty: none
	}{
		{Definition{Identifier: "office", Children: one}, ""},
		{Definition{Identifier: "Büro/2:a", Name: "Two words", Purpose: ServiceSpecificPurpose, Children: []string{"link:eth0", "link:eth0"}}, ""},
		{Definition{Identifier: strings.Repeat("x", 200), Children: one}, ""},
		{Definition{Children: one}, "no identifier"},
		{Definition{Identifier: strings.Repeat("x", 201), Children: one}, "has 201 bytes"},
		{Definition{Identifier: "network:office", Children: one}, "by itself"},
		{Definition{Identifier: "netsession:internet", Children: one}, "only the library"},
		{Definition{Identifier: "my office", Children: one}, "spaces"},
		{Definition{Identifier: "a\x01b", Children: one}, "unprintable"},
		{Definition{Identifier: "a\n", Children: one}, "spaces"},
		{Definition{Identifier: "a\u200b", Children: one}, "unprintable"},
		{Definition{Identifier: "a\xff", Children: one}, "unprintable"},
		{Definition{Identifier: "office", Purpose: 4, Children: one}, "purpose 4"},
		{Definition{Identifier: "office"}, "no children"},
		{Definition{Identifier: "office", Children: []string{"link:eth0", "network:office"}}, "its own child"},
		{Definition{Identifier: "office", Children: []string{"network:home"}}, "service network network:home as a child"},
		{Definition{Identifier: "office", Children: []string{InternetID}}, "service network netsession:internet as a child"},
		{Definition{Identifier: "office", Children: []string{UserChoiceID}}, "user choice as a child"},
	} {
		err := c.d.Check()
		switch {
		case c.want == "" && err != nil:
			t.Errorf("%+v: %v", c.d, err)
		case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
			t.Errorf("%+v: %v, want %q", c.d, err, c.want)
		}
	}
}

func FuzzDefinition(f *testing.F) {
	for _, s := range []string{"office", "network:x", "", "a b", "\xff", "Büro"} {
		f.Add(s, s)
	}
	f.Fuzz(func(t *testing.T, name, child string) {
		d := Definition{Identifier: name, Name: child, Children: []string{child}}
		if d.Check() != nil {
			return
		}
		c := NewGroup(&d).Configuration()
		if !c.Valid() || TypeOf(c.ID) != ServiceNetwork || c.Name == "" || !strings.HasSuffix(c.ID, name) {
			t.Errorf("%q makes %+v", name, c)
		}
	})
}
