// Command cedar-go-peer serves decisions of Cedar's engine in Go over HTTP: policies by user from a file, questions as JSON.
package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"time"

	"github.com/cedar-policy/cedar-go"
	"github.com/cedar-policy/cedar-go/types"
)

type question struct {
	User     string            `json:"user"`
	Action   string            `json:"action"`
	Resource string            `json:"resource"`
	Context  map[string]string `json:"context"`
}

func main() {
	if len(os.Args) != 3 {
		fail(fmt.Errorf("usage: cedar-go-peer POLICIES.json PORT"))
	}
	text, err := os.ReadFile(os.Args[1])
	if err != nil {
		fail(err)
	}
	var byUser map[string]string
	if err := json.Unmarshal(text, &byUser); err != nil {
		fail(err)
	}
	sets := map[string]*cedar.PolicySet{}
	for user, policies := range byUser {
		set, err := cedar.NewPolicySetFromBytes(user, []byte(policies))
		if err != nil {
			fail(fmt.Errorf("%s: %w", user, err))
		}
		sets[user] = set
	}
	http.HandleFunc("/authorize", func(writer http.ResponseWriter, request *http.Request) {
		var asked struct {
			Requests []question `json:"requests"`
		}
		if err := json.NewDecoder(request.Body).Decode(&asked); err != nil {
			http.Error(writer, err.Error(), http.StatusBadRequest)
			return
		}
		decisions := make([]bool, len(asked.Requests))
		for index, one := range asked.Requests {
			decisions[index] = allowed(sets[one.User], one)
		}
		body, err := json.Marshal(map[string][]bool{"decisions": decisions})
		if err != nil {
			http.Error(writer, err.Error(), http.StatusInternalServerError)
			return
		}
		writer.Header().Set("Content-Type", "application/json")
		writer.Header().Set("Content-Length", fmt.Sprint(len(body)))
		_, _ = writer.Write(body)
	})
	fail(http.ListenAndServe("127.0.0.1:"+os.Args[2], nil))
}

func allowed(set *cedar.PolicySet, one question) bool {
	if set == nil {
		return false
	}
	address, err := types.ParseIPAddr(one.Context["aws:SourceIp"])
	if err != nil {
		return false
	}
	now, err := time.Parse(time.RFC3339, one.Context["aws:CurrentTime"])
	if err != nil {
		return false
	}
	decision, _ := cedar.Authorize(set, types.EntityMap{}, cedar.Request{
		Principal: types.NewEntityUID("User", types.String(one.User)),
		Action:    types.NewEntityUID("Action", types.String(one.Action)),
		Resource:  types.NewEntityUID("Resource", "one"),
		Context: types.NewRecord(types.RecordMap{
			"arn":    types.String(one.Resource),
			"ip":     address,
			"secure": types.Boolean(one.Context["aws:SecureTransport"] == "true"),
			"agent":  types.String(one.Context["aws:UserAgent"]),
			"time":   types.Long(now.UnixMilli()),
		}),
	})
	return bool(decision)
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}
