// Command cedar-go-peer decides with Cedar's engine in Go: `measure` decides the workloads of the policy benchmark, `POLICIES.json PORT` serves decisions over
// HTTP, with the policies of each user from a file.
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

var nothing = types.EntityMap{}

func main() {
	switch {
	case len(os.Args) == 2 && os.Args[1] == "measure":
		measureAll()
	case len(os.Args) == 3:
		serve(os.Args[1], os.Args[2])
	default:
		fail(fmt.Errorf("usage: cedar-go-peer measure | cedar-go-peer POLICIES.json PORT"))
	}
}

func serve(file string, port string) {
	text, err := os.ReadFile(file)
	if err != nil {
		fail(err)
	}
	var byUser map[string]string
	if err := json.Unmarshal(text, &byUser); err != nil {
		fail(err)
	}
	sets := policySets(byUser)
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
			request, err := requestOf(one)
			set := sets[one.User]
			if err != nil || set == nil {
				continue
			}
			decision, _ := cedar.Authorize(set, nothing, request)
			decisions[index] = bool(decision)
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
	fail(http.ListenAndServe("127.0.0.1:"+port, nil))
}

func policySets(byUser map[string]string) map[string]*cedar.PolicySet {
	sets := map[string]*cedar.PolicySet{}
	for user, policies := range byUser {
		set, err := cedar.NewPolicySetFromBytes(user, []byte(policies))
		if err != nil {
			fail(fmt.Errorf("%s: %w", user, err))
		}
		sets[user] = set
	}
	return sets
}

// requestOf puts a request as Cedar wants it.
func requestOf(one question) (cedar.Request, error) {
	context := types.RecordMap{
		"arn":    types.String(one.Resource),
		"secure": types.Boolean(one.Context["aws:SecureTransport"] == "true"),
		"agent":  types.String(one.Context["aws:UserAgent"]),
	}
	if text, found := one.Context["aws:SourceIp"]; found {
		address, err := types.ParseIPAddr(text)
		if err != nil {
			return cedar.Request{}, err
		}
		context["ip"] = address
	}
	if text, found := one.Context["aws:CurrentTime"]; found {
		now, err := time.Parse(time.RFC3339, text)
		if err != nil {
			return cedar.Request{}, err
		}
		context["time"] = types.Long(now.UnixMilli())
	}
	return cedar.Request{
		Principal: types.NewEntityUID("User", types.String(one.User)),
		Action:    types.NewEntityUID("Action", types.String(one.Action)),
		Resource:  types.NewEntityUID("Resource", "one"),
		Context:   types.NewRecord(context),
	}, nil
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}
