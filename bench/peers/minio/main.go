// Command minio-peer decides the workloads of the policy benchmark with MinIO's policy package: JSON in, JSON out.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"sort"
	"strings"
	"syscall"
	"time"

	"github.com/minio/pkg/v3/policy"
)

type request struct {
	User     string            `json:"user"`
	Action   string            `json:"action"`
	Resource string            `json:"resource"`
	Context  map[string]string `json:"context"`
}

type workload struct {
	Name     string                     `json:"name"`
	Policies map[string]json.RawMessage `json:"policies"`
	Users    map[string][]string        `json:"users"`
	Requests []request                  `json:"requests"`
	Seconds  float64                    `json:"seconds"`
}

type answer struct {
	Name        string  `json:"name"`
	Nanoseconds float64 `json:"nanoseconds"`
	Allowed     []bool  `json:"allowed"`
}

func main() {
	var workloads []workload
	if err := json.NewDecoder(os.Stdin).Decode(&workloads); err != nil {
		fail(err)
	}
	answers := make([]answer, 0, len(workloads))
	for _, work := range workloads {
		answers = append(answers, measure(work))
	}
	if err := json.NewEncoder(os.Stdout).Encode(answers); err != nil {
		fail(err)
	}
}

func measure(work workload) answer {
	parsed := map[string]policy.Policy{}
	for name, text := range work.Policies {
		one, err := policy.ParseConfig(bytes.NewReader(text))
		if err != nil {
			fail(fmt.Errorf("%s: %w", name, err))
		}
		parsed[name] = *one
	}
	users := map[string]policy.Policy{}
	for user, names := range work.Users {
		own := make([]policy.Policy, 0, len(names))
		for _, name := range names {
			own = append(own, parsed[name])
		}
		users[user] = policy.MergePolicies(own...)
	}
	arguments := make([]policy.Args, len(work.Requests))
	for index, one := range work.Requests {
		arguments[index] = argumentsOf(one)
	}
	allowed := make([]bool, len(work.Requests))
	durations := []float64{}
	for started := time.Now(); len(durations) == 0 || time.Since(started).Seconds() < work.Seconds; {
		pass := processorTime()
		for index := range arguments {
			own := users[work.Requests[index].User]
			allowed[index] = own.IsAllowed(arguments[index])
		}
		durations = append(durations, float64(processorTime()-pass)/float64(len(arguments)))
	}
	sort.Float64s(durations)
	return answer{Name: work.Name, Nanoseconds: durations[len(durations)/2], Allowed: allowed}
}

// processorTime is what the process has used so far, in nanoseconds.
func processorTime() int64 {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		fail(err)
	}
	return usage.Utime.Nano() + usage.Stime.Nano()
}

func argumentsOf(one request) policy.Args {
	bucket, object, _ := strings.Cut(strings.TrimPrefix(one.Resource, "arn:aws:s3:::"), "/")
	values := map[string][]string{}
	for key, value := range one.Context {
		values[strings.TrimPrefix(key, "aws:")] = []string{value}
	}
	return policy.Args{AccountName: one.User, Action: policy.Action(one.Action), BucketName: bucket, ObjectName: object, ConditionValues: values}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}
